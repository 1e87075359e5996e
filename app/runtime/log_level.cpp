// SPDX-License-Identifier: Apache-2.0
#include "runtime/log_level.h"

#include <QLoggingCategory>

namespace luthien::runtime {

void setLogLevel(std::string_view level)
{
    QString rules;
    if (level == "debug")
        rules = QStringLiteral("luthien.*.debug=true");
    else if (level == "warning")
        rules = QStringLiteral("luthien.*.info=false");
    else if (level == "error")
        rules = QStringLiteral("luthien.*.info=false\nluthien.*.warning=false");
    QLoggingCategory::setFilterRules(rules);
}

} // namespace luthien::runtime
