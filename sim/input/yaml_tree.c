/* yaml_tree.c - libyaml's events into a tree. */
#include "sim/input/yaml_tree.h"

#include <string.h>
#include <yaml.h>

struct building {
    const struct source *src;
    struct arena *arena;
    struct err_list *faults;
    struct yaml_value *open[YAML_DEPTH_MAX + 1]; /* maps and lists not closed yet */
    int depth;
    struct yaml_value *root;
    const char *key; /* a key that waits for its value */
    size_t key_at;
    size_t cursor_char,
        cursor_byte; /* libyaml counts characters, positions are bytes */
    int n_document;
    bool stop, no_memory;
};

/* Byte offset of character number at of the file. */
static size_t byte_offset(struct building *b, size_t at)
{
    if (at < b->cursor_char) {
        b->cursor_char = 0;
        b->cursor_byte = 0;
    }
    while (b->cursor_char < at && b->cursor_byte < b->src->len) {
        do
            b->cursor_byte++;
        while (b->cursor_byte < b->src->len &&
               ((unsigned char)b->src->text[b->cursor_byte] & 0xC0) == 0x80);
        b->cursor_char++;
    }
    return b->cursor_byte;
}

static void refuse(struct building *b, size_t offset, const char *text)
{
    err_list_add(b->faults, source_at(b->src, offset), "%s", text);
}

static void refuse_decoration(struct building *b, size_t at, const yaml_char_t *anchor,
                              const yaml_char_t *tag)
{
    if (anchor)
        refuse(b, at, "an anchor; expected a value written out where it is used");
    if (tag)
        refuse(b, at, "a tag; expected a plain value");
}

static struct yaml_value *add_value(struct building *b, enum yaml_kind kind, size_t at)
{
    struct yaml_value *v = arena_alloc(b->arena, 1, sizeof *v);
    struct yaml_value *parent = b->depth ? b->open[b->depth - 1] : NULL;
    if (!v) {
        b->no_memory = true;
        return NULL;
    }
    v->kind = kind;
    v->at = at;
    v->key = b->key;
    v->key_at = b->key_at;
    b->key = NULL;
    if (!parent)
        b->root = v;
    else if (parent->last)
        parent->last->next = v;
    else
        parent->child = v;
    if (parent)
        parent->last = v;
    return v;
}

static bool wants_key(const struct building *b)
{
    return b->depth && b->open[b->depth - 1]->kind == YAML_MAP && !b->key;
}

static void add_scalar(struct building *b, const yaml_event_t *event, size_t at)
{
    size_t len = event->data.scalar.length;
    const char *text =
        arena_copy_text(b->arena, (const char *)event->data.scalar.value, len);
    if (!text) {
        b->no_memory = true;
        return;
    }
    refuse_decoration(b, at, event->data.scalar.anchor, event->data.scalar.tag);
    if (memchr(text, '\0', len))
        refuse(b, at, "a NUL character; expected text");
    if (wants_key(b)) {
        b->key = text;
        b->key_at = at;
        return;
    }
    struct yaml_value *v = add_value(b, YAML_TEXT, at);
    if (v) {
        v->text = text;
        v->len = len;
        v->plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    }
}

static void open_node(struct building *b, enum yaml_kind kind, size_t at)
{
    if (wants_key(b)) {
        refuse(b, at, "a map or list as a key; expected a word");
        b->stop = true;
        return;
    }
    if (b->depth == YAML_DEPTH_MAX) {
        refuse(b, at, "too many levels; expected at most 6");
        b->stop = true;
        return;
    }
    struct yaml_value *v = add_value(b, kind, at);
    if (v)
        b->open[b->depth++] = v;
}

static void handle(struct building *b, const yaml_event_t *event)
{
    size_t at = byte_offset(b, event->start_mark.index);
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        if (b->n_document++ == 0)
            return;
        refuse(b, at, "a second document; expected one");
        b->stop = true;
        return;
    case YAML_ALIAS_EVENT:
        refuse(b, at, "an alias; expected a value written out where it is used");
        b->stop = true;
        return;
    case YAML_SCALAR_EVENT:
        add_scalar(b, event, at);
        return;
    case YAML_MAPPING_START_EVENT:
        refuse_decoration(b, at, event->data.mapping_start.anchor,
                          event->data.mapping_start.tag);
        open_node(b, YAML_MAP, at);
        return;
    case YAML_SEQUENCE_START_EVENT:
        refuse_decoration(b, at, event->data.sequence_start.anchor,
                          event->data.sequence_start.tag);
        open_node(b, YAML_LIST, at);
        return;
    case YAML_MAPPING_END_EVENT:
    case YAML_SEQUENCE_END_EVENT:
        b->depth--;
        return;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
    case YAML_DOCUMENT_END_EVENT:
        return;
    }
}

/* Offset of a tab that indents the line of offset at, or the length of the file. */
static size_t find_tab(const struct source *src, size_t at)
{
    size_t start = at;
    while (start > 0 && src->text[start - 1] != '\n')
        start--;
    while (start < src->len && src->text[start] == ' ')
        start++;
    return start < src->len && src->text[start] == '\t' ? start : src->len;
}

static void syntax_fault(struct building *b, const yaml_parser_t *p)
{
    size_t at = byte_offset(b, p->problem_mark.index);
    if (p->error == YAML_MEMORY_ERROR) {
        b->no_memory = true;
        return;
    }
    if (p->error == YAML_READER_ERROR)
        at = p->problem_offset < b->src->len ? p->problem_offset : b->src->len;
    size_t tab = find_tab(b->src, at);
    if (tab < b->src->len) {
        refuse(b, tab, "a tab; expected spaces");
        return;
    }
    err_list_add(b->faults, source_at(b->src, at), "%s%s%s; expected valid YAML",
                 p->problem ? p->problem : "not YAML", p->context ? " " : "",
                 p->context ? p->context : "");
}

enum err_code yaml_tree_read(const struct source *src, struct arena *arena,
                             struct yaml_value **root, struct err_list *faults,
                             struct err *err)
{
    struct building b = {.src = src, .arena = arena, .faults = faults};
    yaml_parser_t parser;
    *root = NULL;
    if (src->len > YAML_BYTES_MAX) {
        refuse(&b, 0, "over 256 KiB; expected a short settings file");
        return ERR_OK;
    }
    if (!yaml_parser_initialize(&parser))
        return err_set(err, ERR_NOMEM, "cannot start the YAML parser");
    yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&parser, (const unsigned char *)src->text, src->len);
    for (bool done = false; !done && !b.stop && !b.no_memory;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&parser, &event)) {
            syntax_fault(&b, &parser);
            b.stop = true;
            break;
        }
        handle(&b, &event);
        done = event.type == YAML_STREAM_END_EVENT;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    if (b.no_memory)
        return err_set(err, ERR_NOMEM, "cannot hold %s", src->path);
    *root = b.stop ? NULL : b.root; /* half a tree would only raise false alarms */
    return ERR_OK;
}

const struct yaml_value *yaml_tree_child(const struct yaml_value *map, const char *key)
{
    const struct yaml_value *v = map->child;
    while (v && strcmp(v->key, key) != 0)
        v = v->next;
    return v;
}
