// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding_list.h"
#include "guard/mapped_text.h"
#include "guard/sql_options.h"

namespace luthien::guard {

enum class SqlCertainty {
    IsSql,    ///< the text goes to a database: in doubt a statement is destructive
    MayBeSql, ///< the text may as well be prose: only what has a statement's whole shape counts
};

/// Reads the text the way each dialect would and adds what is destructive, SQL inside its string literals included
/// where the database itself would run it (DO, EXECUTE, function bodies). The caller keeps text to maxBytes.
/// Thread: any; no state.
void scanSql(const MappedText& text, const SqlOptions& options, SqlCertainty certainty, FindingList& findings);

} // namespace luthien::guard
