// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/finding.h"
#include "guard/sql_options.h"

#include <string_view>
#include <vector>

namespace luthien::guard {

/// What kind of text is given.
enum class Source {
    Sql,     ///< goes to a database as it is, e.g. the `query` of a database tool
    Shell,   ///< goes to a shell, e.g. the `command` of a terminal tool
    Unknown, ///< any other argument: counts only if it has the shape of SQL or of a command that runs SQL
};

/// The destructive SQL in a text, in the order of the text, at most FindingList::kMaxFindings. Deterministic and
/// bounded: a text beyond options.maxBytes is one TooLarge finding. What it can not see: docs/guard-sql.md.
/// Thread: any; no state, no exceptions.
[[nodiscard]] std::vector<Finding> findDestructiveSql(std::string_view text, Source source,
                                                      const SqlOptions& options = {});

} // namespace luthien::guard
