// SPDX-License-Identifier: Apache-2.0
#include "daemon/terminal_text.h"

#include <QList>
#include <QString>

#include <algorithm>

namespace luthien::daemon {

std::string terminalText(const std::string& text, int width)
{
    QString shown;
    for (const char32_t letter : QString::fromStdString(text).toUcs4()) {
        if (shown.size() >= width)
            return shown.toStdString() + "…";
        const auto category = QChar::category(letter);
        const bool isHidden = category == QChar::Other_Control || category == QChar::Other_Format ||
                              category == QChar::Other_Surrogate || category == QChar::Separator_Line ||
                              category == QChar::Separator_Paragraph || category == QChar::Other_PrivateUse;
        shown += isHidden ? QStringLiteral(" ") : QString::fromUcs4(&letter, 1);
    }
    return shown.toStdString();
}

std::string padded(std::string text, std::size_t width)
{
    text.resize(std::max(text.size(), width), ' ');
    return text + "  ";
}

} // namespace luthien::daemon
