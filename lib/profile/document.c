/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of a profile's document: scalars and containers. */
#include "profile/document.h"

#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"

json_t *doc_text(const char *bytes)
{
	auto_free char *text = bytes_to_text(bytes ? bytes : "", bytes ? strlen(bytes) : 0);

	return json_string(text);
}

json_t *doc_number(uint64_t number)
{
	return json_integer((json_int_t)profile_sum(number, 0));
}

json_t *doc_word(uint64_t word)
{
	return json_sprintf("0x%" PRIx64, word);
}

json_t *doc_name(enum name_kind kind, int value)
{
	auto_free char *name = name_format(kind, value);

	return json_string(name);
}

json_t *doc_bits(uint32_t mask, unsigned n, const char *(*name)(unsigned bit))
{
	auto_json json_t *list = json_array();

	for (unsigned bit = 0; bit < n; bit++)
		if ((mask & 1u << bit) && json_array_append_new(list, json_string(name(bit))) < 0)
			return NULL;
	return take_ptr(list);
}

bool doc_set_section(json_t *object, const char *key, json_t *section)
{
	if (section && json_object_size(section) + json_array_size(section) == 0) {
		json_decref(section);
		return true;
	}
	return json_object_set_new(object, key, section) == 0;
}

json_t *doc_list_at(json_t *object, const char *key)
{
	json_t *list = json_object_get(object, key);

	if (!list && json_object_set_new(object, key, json_array()) == 0)
		list = json_object_get(object, key);
	return list;
}
