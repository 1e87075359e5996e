// SPDX-License-Identifier: Apache-2.0
#include "policy/notice.h"

#include <QChar>
#include <QList>
#include <QString>

namespace luthien::policy {

namespace {

constexpr std::size_t kMaxNameCharacters = 128;
constexpr std::size_t kMaxReasonCharacters = 500;
constexpr std::size_t kMaxBytesOfCharacter = 4;

/// What a reader would not see, or would see elsewhere.
bool isInvisible(char32_t character)
{
    switch (QChar::category(character)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Separator_Line:
    case QChar::Separator_Paragraph:
        return true;
    default:
        return false;
    }
}

} // namespace

std::string_view boundedText(std::string_view text, std::size_t maxBytes) noexcept
{
    if (text.size() <= maxBytes)
        return text;
    std::size_t end = maxBytes;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U)
        --end;
    return text.substr(0, end);
}

std::string oneLine(std::string_view text, std::size_t maxCharacters)
{
    const std::string_view enough = boundedText(text, (maxCharacters + 1) * kMaxBytesOfCharacter);
    QString result;
    std::size_t count = 0;
    for (const char32_t character : QString::fromUtf8(enough.data(), static_cast<qsizetype>(enough.size())).toUcs4()) {
        if (count == maxCharacters) {
            result += QStringLiteral("...");
            break;
        }
        const char32_t shown = character == U'`' ? U'\'' : isInvisible(character) ? U' ' : character;
        result += QString::fromUcs4(&shown, 1);
        ++count;
    }
    return result.toStdString();
}

std::string blockNotice(AgentText text, std::string_view subject, std::string_view policyName, std::string_view reason)
{
    std::string notice = "[" + std::string(subject) + " was blocked by policy";
    if (text != AgentText::Opaque)
        notice += " `" + oneLine(policyName, kMaxNameCharacters) + "`";
    if (text == AgentText::Full)
        notice += ": " + oneLine(reason, kMaxReasonCharacters);
    return notice + "]";
}

std::string toolSubject(std::string_view toolName)
{
    return "Tool call `" + oneLine(toolName, kMaxNameCharacters) + "`";
}

} // namespace luthien::policy
