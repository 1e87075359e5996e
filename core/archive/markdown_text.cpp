// SPDX-License-Identifier: Apache-2.0
#include "archive/markdown_text.h"

#include "base/hidden_character.h"
#include "base/utf8.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace luthien::archive {

namespace {
/// "‹U+202E›"
std::string quoted(const char* format, unsigned code)
{
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), format, code);
    return "\xE2\x80\xB9" + std::string(text.data()) + "\xE2\x80\xBA";
}

/// What is not seen, as its code; what is not UTF-8, as its byte; line ends as '\n'.
std::string visible(std::string_view text)
{
    std::string out;
    out.reserve(text.size());
    while (!text.empty()) {
        if (text.starts_with("\r\n"))
            text.remove_prefix(1);
        const auto [code, length] = firstCharacter(text);
        if (length == 0)
            out += quoted("0x%02X", static_cast<unsigned char>(text.front()));
        else if (code == U'\r' || isHiddenCharacter(code))
            out += quoted("U+%04X", static_cast<unsigned>(code));
        else
            out += text.substr(0, length);
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::size_t runLength(std::string_view text, std::size_t at, char c)
{
    const std::size_t end = text.find_first_not_of(c, at);
    return (end == std::string_view::npos ? text.size() : end) - at;
}

/// The code span that begins at a run of backticks and ends on the same line; 0 = it does not.
std::size_t spanLength(std::string_view line, std::size_t at)
{
    const std::size_t ticks = runLength(line, at, '`');
    for (std::size_t next = at + ticks; next < line.size();) {
        next = line.find('`', next);
        if (next == std::string_view::npos)
            return 0;
        const std::size_t run = runLength(line, next, '`');
        if (run == ticks)
            return next + run - at;
        next += run;
    }
    return 0;
}

/// A line outside of code. A run of backticks that nothing on its line ends is escaped, so that no span reaches over
/// lines; in a table row the bars come before spans, so there none is one.
void appendLine(std::string& out, std::string_view line)
{
    const bool hasBars = line.find('|') != std::string_view::npos;
    bool isEscaped = false;
    for (std::size_t at = 0; at < line.size(); ++at) {
        const char c = line[at];
        const std::size_t span = c == '`' && !isEscaped && !hasBars ? spanLength(line, at) : 0;
        if (span > 0) {
            out += line.substr(at, span);
            at += span - 1;
            continue;
        }
        const bool isImage = c == '[' && at > 0 && line[at - 1] == '!';
        const bool needsEscape = (c == '`' || c == '<' || isImage) && !isEscaped;
        if (needsEscape)
            out += '\\';
        out += c;
        isEscaped = c == '\\' && !isEscaped;
    }
}

/// The fence a line opens, as its first place, character and length; length 0 = none.
struct Fence
{
    char character = '`';
    std::size_t length = 0;
    std::string_view language;
};

Fence fenceAt(std::string_view line)
{
    const std::size_t begin = line.find_first_not_of(" \t");
    if (begin == std::string_view::npos || (line[begin] != '`' && line[begin] != '~'))
        return {};
    Fence fence{line[begin], runLength(line, begin, line[begin])};
    fence.language = line.substr(begin + fence.length);
    const bool isSpan = fence.character == '`' && fence.language.find('`') != std::string_view::npos;
    return fence.length < 3 || isSpan ? Fence{} : fence;
}

bool closes(std::string_view line, const Fence& fence)
{
    const Fence other = fenceAt(line);
    return other.character == fence.character && other.length >= fence.length &&
           other.language.find_first_not_of(" \t") == std::string_view::npos;
}

std::string languageWord(std::string_view info)
{
    std::string word;
    for (const char c : info.substr(std::min(info.find_first_not_of(' '), info.size()))) {
        const bool isPlain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                             c == '+' || c == '#' || c == '_';
        if (!isPlain || word.size() == 32)
            break;
        word += c;
    }
    return word;
}
} // namespace

void appendMarkdown(std::string& out, std::string_view text)
{
    const std::string shown = visible(text);
    std::string code;
    Fence fence;
    for (std::size_t at = 0; at < shown.size();) {
        const std::size_t end = std::min(shown.find('\n', at), shown.size());
        const std::string_view line = std::string_view(shown).substr(at, end - at);
        at = end + 1;
        if (fence.length > 0 && closes(line, fence)) {
            appendFence(out, code, languageWord(fence.language));
            fence = {};
        } else if (fence.length > 0) {
            code.append(line).append("\n");
        } else if (const Fence opened = fenceAt(line); opened.length > 0) {
            fence = opened;
            code.clear();
        } else {
            appendLine(out, line);
            out += '\n';
        }
    }
    if (fence.length > 0) // the text ends inside of it
        appendFence(out, code, languageWord(fence.language));
}

void appendPlainMarkdown(std::string& out, std::string_view text)
{
    for (const char c : visible(text)) {
        if (c == '\n' || c == '\t') {
            out += ' ';
            continue;
        }
        const bool isSpecial = std::string_view("\\`*_{}[]()<>#+!|~&-=:.").find(c) != std::string_view::npos;
        // Only at the begin of a line do these mean anything; escaped everywhere they could not be read.
        const bool isQuiet = c == '-' || c == '.' || c == ':' || c == '(' || c == ')' || c == '+' || c == '=';
        if (isSpecial && !isQuiet)
            out += '\\';
        out += c;
    }
}

void appendFence(std::string& out, std::string_view text, std::string_view language)
{
    const std::string shown = visible(text);
    std::size_t longest = 2;
    for (std::size_t at = shown.find('`'); at != std::string::npos; at = shown.find('`', at)) {
        const std::size_t run = runLength(shown, at, '`');
        longest = std::max(longest, run);
        at += run;
    }
    const std::string ticks(longest + 1, '`');
    if (!out.empty() && !out.ends_with("\n\n"))
        out += out.ends_with('\n') ? "\n" : "\n\n";
    out.append(ticks).append(language).append("\n").append(shown);
    if (!shown.empty() && !shown.ends_with('\n'))
        out += '\n';
    out += ticks + "\n\n";
}

} // namespace luthien::archive
