/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Which addresses and ports the service may use (--addresses). */
#include <arpa/inet.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>

#include "emitter/systemd_writers.h"

static bool is_internet(const struct policy_address *address)
{
	return address->family == AF_INET || address->family == AF_INET6;
}

/* "localhost" for what is below 127.0.0.0/8 and for ::1, by which systemd knows both. */
static const char *word_for(const struct policy_address *address)
{
	static const char mapped[] = "::ffff:";
	const char *text = address->address;

	if (strncmp(text, mapped, strlen(mapped)) == 0 && strchr(text, '.'))
		text += strlen(mapped);
	return strncmp(text, "127.", 4) == 0 || strcmp(text, "::1") == 0 ? "localhost" : text;
}

static bool is_repeated(const struct policy *p, size_t index)
{
	for (size_t i = 0; i < index; i++)
		if (is_internet(&p->addresses[i]) &&
		    strcmp(word_for(&p->addresses[i]), word_for(&p->addresses[index])) == 0)
			return true;
	return false;
}

int write_addresses(const struct policy *p, const struct emit_options *options, FILE *out)
{
	struct systemd_list list = { .out = out, .start = "IPAddressAllow=" };

	(void)options;
	fputs("IPAddressDeny=any\nIPAddressAllow=\n", out);
	for (size_t i = 0; i < p->n_addresses; i++)
		if (is_internet(&p->addresses[i]) && !is_repeated(p, i))
			systemd_list_add(&list, word_for(&p->addresses[i]));
	systemd_list_end(&list);
	return 0;
}

static const char *protocol_of(int type)
{
	return type == SOCK_STREAM ? "tcp:" : type == SOCK_DGRAM ? "udp:" : "";
}

/* Whether the port is in the list already, for another address. */
static bool is_bound_before(const struct policy *p, size_t index)
{
	const struct policy_address *a = &p->addresses[index];

	for (size_t i = 0; i < index; i++) {
		const struct policy_address *b = &p->addresses[i];

		if (b->bind && b->family == a->family && b->type == a->type && b->port == a->port)
			return true;
	}
	return false;
}

/* The kernel's choice of a port is no bind to one: systemd knows no word for it but all ports. */
int write_socket_binds(const struct policy *p, const struct emit_options *options, FILE *out)
{
	(void)options;
	fputs("SocketBindDeny=any\nSocketBindAllow=\n", out);
	for (size_t i = 0; i < p->n_addresses; i++) {
		const struct policy_address *a = &p->addresses[i];

		if (a->bind && is_internet(a) && a->port && !is_bound_before(p, i))
			fprintf(out, "SocketBindAllow=%s:%s%u\n",
				a->family == AF_INET ? "ipv4" : "ipv6", protocol_of(a->type),
				a->port);
	}
	return 0;
}
