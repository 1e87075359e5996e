// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <QString>
#include <QStringList>

namespace luthien::desktop {

/// What the user asked for on the command line.
struct Options
{
    enum class Action { Run, SelfTest, ShowHelp, ShowVersion };
    Action action = Action::Run;
    QString dataDirectory; ///< empty = the default
    QString configFile;    ///< empty = the default
    QString listen;        ///< empty = as configured
};

/// arguments without the program's name. Errors: InvalidArgument.
[[nodiscard]] Result<Options> parseOptions(const QStringList& arguments);
[[nodiscard]] QString usageText();

} // namespace luthien::desktop
