// SPDX-License-Identifier: Apache-2.0
#include "desktop/fonts.h"

#include <QFontInfo>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

QStringList missingFonts()
{
    QStringList missing;
    for (const QString& family : {u"Inter"_s, u"JetBrains Mono"_s}) {
        // Asking for a family that is absent silently gives another one.
        if (QFontInfo(QFont(family)).family() != family)
            missing += family;
    }
    return missing;
}

} // namespace luthien::desktop
