// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding_list.h"
#include "guard/mapped_text.h"
#include "guard/sql_options.h"

namespace luthien::guard {

/// Adds the destructive SQL that a command line would send to a database, and commands that remove one by themselves.
/// Spans point into the text that \p commandLine was mapped from. \p reportUnparsed: say so if the line can not be
/// read to the end and names a database program; that more is piped into one than is followed is always said. Thread:
/// any; no state.
void scanShell(const MappedText& commandLine, const SqlOptions& options, bool reportUnparsed, FindingList& findings);

} // namespace luthien::guard
