# SPDX-License-Identifier: GPL-3.0-or-later
dist_man_MANS += %D%/learn.1 %D%/learn-profile.5
dist_doc_DATA = %D%/profile.schema.json
EXTRA_DIST += $(wildcard $(srcdir)/%D%/*.md)

# Where bash and zsh look for completions without any set-up.
bashcompletiondir = $(datadir)/bash-completion/completions
dist_bashcompletion_DATA = completions/bash/learn
zshcompletiondir = $(datadir)/zsh/site-functions
dist_zshcompletion_DATA = completions/zsh/_learn
