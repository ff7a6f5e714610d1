/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a service sees of the file system. */
#ifndef LEARN_EMITTER_SYSTEMD_VIEW_H
#define LEARN_EMITTER_SYSTEMD_VIEW_H

#include "emitter/systemd_paths.h"

/* What is bound in its place in the otherwise empty directories of --view=only. */
struct systemd_view {
	struct systemd_paths read, written;
};

/* Both settled; what is below a written one is not read besides. 0 or -ENOMEM. */
int systemd_view_of(const struct policy *p, const struct emit_options *options,
		    struct systemd_view *ret);
void systemd_view_clear(struct systemd_view *view);

#endif
