// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "guard/destructive_sql.h"

#include <QByteArray>

#include <string_view>

namespace luthien::guard::test {

inline std::string_view view(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

inline QByteArray bytes(std::string_view text)
{
    return {text.data(), static_cast<qsizetype>(text.size())};
}

/// "drop,truncate": the classes found, in the order of the text.
inline QByteArray names(const std::vector<Finding>& findings)
{
    QByteArray result;
    for (const Finding& finding : findings)
        result += (result.isEmpty() ? "" : ",") + bytes(sqlClassName(finding.what));
    return result;
}

/// Every class, so that a test sees what a policy would have to switch on.
inline SqlOptions everything()
{
    SqlOptions options;
    for (std::size_t i = 0; i < kSqlClassCount; ++i)
        options.classes.insert(static_cast<SqlClass>(i));
    return options;
}

} // namespace luthien::guard::test
