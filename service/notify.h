/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Words to the manager that started us, as sd_notify(3) has them. */
#ifndef LEARN_SERVICE_NOTIFY_H
#define LEARN_SERVICE_NOTIFY_H

/* Sends "READY=1" and the like, where a manager listens ($NOTIFY_SOCKET). 0 or -errno. */
int notify_manager(const char *words);

#endif
