/*
 * commit_text.h - instances of unit commitment from text in a test.
 */
#ifndef TESTS_SUPPORT_COMMIT_TEXT_H
#define TESTS_SUPPORT_COMMIT_TEXT_H

#include "sim/model/commit_case.h"

/* The instance; a fault fails the running test. */
struct commit_case commit_text_case(const char *text);
/* The text must be refused, its first faults "line:column: message\n" those expected. */
void commit_text_faults(const char *text, const char *expected);
/* Reads the text with each allocation failing in turn. */
void commit_text_fail_each(const char *text);

#endif
