// SPDX-License-Identifier: Apache-2.0
#include "guard/destructive_sql.h"

#include "guard/finding_list.h"
#include "guard/sql_in_shell.h"
#include "guard/sql_scan.h"

namespace luthien::guard {

namespace {
/// How often a text may be read over, counting what unfolds from it: once as it is, once per level of quoting.
constexpr std::size_t kReadings = 6;
} // namespace

std::vector<Finding> findDestructiveSql(std::string_view text, Source source, const SqlOptions& options)
{
    FindingList findings(options.classes, kReadings * options.maxBytes);
    if (text.size() > options.maxBytes) {
        findings.add(SqlClass::TooLarge, {0, text.size()}, text, "the text is longer than what is read");
        return findings.take();
    }
    const MappedText mapped = MappedText::identity(text);
    switch (source) {
    case Source::Sql:
        scanSql(mapped, options, SqlCertainty::IsSql, findings);
        break;
    case Source::Shell:
        scanShell(mapped, options, true, findings);
        break;
    case Source::Unknown:
        scanSql(mapped, options, SqlCertainty::MayBeSql, findings);
        scanShell(mapped, options, false, findings);
        break;
    }
    return findings.take();
}

} // namespace luthien::guard
