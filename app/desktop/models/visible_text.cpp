// SPDX-License-Identifier: Apache-2.0
#include "desktop/models/visible_text.h"

#include "base/hidden_character.h"

#include <QStringView>

#include <algorithm>

namespace luthien::desktop {

using namespace Qt::StringLiterals;

namespace {
constexpr char16_t kTagsHighSurrogate = 0xdb40; // of U+E0000 to U+E03FF: tags and the variation selectors nobody draws

bool isHidden(QChar character)
{
    return isHiddenCharacter(character.unicode()) || character.unicode() == kTagsHighSurrogate;
}

QString codeOf(char32_t character)
{
    return u"‹U+%1›"_s.arg(static_cast<uint>(character), 4, 16, QLatin1Char('0')).toUpper();
}
} // namespace

QString visibleText(QString text)
{
    if (std::none_of(text.cbegin(), text.cend(), isHidden))
        return text;
    QString shown;
    shown.reserve(text.size() + 64);
    for (qsizetype at = 0; at < text.size(); ++at) {
        const QChar character = text[at];
        if (!isHidden(character)) {
            shown += character;
        } else if (character.isHighSurrogate() && at + 1 < text.size() && text[at + 1].isLowSurrogate()) {
            shown += codeOf(QChar::surrogateToUcs4(character, text[at + 1]));
            ++at;
        } else {
            shown += codeOf(character.unicode());
        }
    }
    return shown;
}

QString visibleText(std::string_view utf8)
{
    return visibleText(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

} // namespace luthien::desktop
