// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/argument_texts.h"

#include "base/strict_json.h"
#include "guard/shell_programs.h"
#include "guard/shell_words.h"
#include "policy/builtin/patch_text.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace luthien::policy::builtin {

namespace {

namespace json = boost::json;

constexpr int kMaxNesting = 3;
constexpr std::size_t kMaxWords = 256;
constexpr std::array<std::string_view, 9> kPathMembers{"file_path",     "filePath",    "path",
                                                       "filename",      "file",        "file_name",
                                                       "notebook_path", "target_file", "relative_workspace_path"};
constexpr std::array<std::string_view, 5> kProgramMembers{"command", "cmd", "program", "executable", "binary"};
constexpr std::array<std::string_view, 4> kArgumentMembers{"args", "arguments", "argv", "parameters"};

std::string_view view(json::string_view text)
{
    return {text.data(), text.size()};
}

std::string pointerTo(const std::string& parent, std::string_view name)
{
    std::string pointer = parent + '/';
    for (const char c : name) {
        if (c == '~' || c == '/')
            pointer += c == '~' ? "~0" : "~1";
        else
            pointer += c;
    }
    return pointer;
}

/// The first of the names that the object has as a text, or nothing.
const json::string* textAt(const json::object& object, std::span<const std::string_view> names)
{
    for (const std::string_view name : names) {
        const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
        if (value && value->is_string())
            return &value->get_string();
    }
    return nullptr;
}

bool isProgram(std::string_view word)
{
    return guard::programKind(guard::programName(word)) != guard::ProgramKind::Other;
}

/// Quoted, so that a shell reads it as one word again; every byte stands where it stood in its part.
void appendWord(guard::MappedText& text, std::string_view word, std::size_t base)
{
    if (!text.empty())
        text.append(' ', base);
    text.append('\'', base);
    for (std::size_t i = 0; i < word.size(); ++i) {
        if (word[i] == '\'')
            text.append("'\\''", base + i);
        else
            text.append(word[i], base + i);
    }
    text.append('\'', base + (word.empty() ? 0 : word.size() - 1));
}

} // namespace

conversation::Match ArgumentText::locate(guard::TextSpan span) const
{
    const Part* part = &parts.front();
    for (const Part& one : parts) {
        if (one.base <= span.begin)
            part = &one;
    }
    const auto inPart = [&](std::size_t at) {
        return static_cast<std::uint32_t>(std::clamp(at, part->base, part->base + part->bytes) - part->base);
    };
    if (isNested)
        return {part->pointer, 0, static_cast<std::uint32_t>(part->bytes)};
    return {part->pointer, inPart(span.begin), inPart(span.end)};
}

bool ArgumentTexts::read(const JudgedCall& call)
{
    m_tool = toolNature(call.call.name);
    m_texts = 0;
    m_bytes = 0;
    m_isOver = false;
    Place place;
    if (call.arguments) {
        readValue(*call.arguments, place);
    } else {
        place.nature.isCommand = m_tool.runsShell;
        place.nature.isProgram = true; // Codex's exec takes JavaScript that calls its shell
        readString(call.call.arguments, place);
    }
    return !m_isOver;
}

bool ArgumentTexts::spend(std::size_t bytes)
{
    m_isOver = m_isOver || m_texts == kMaxTexts || bytes > kMaxBytes - m_bytes;
    if (m_isOver)
        return false;
    ++m_texts;
    m_bytes += bytes;
    return true;
}

void ArgumentTexts::readValue(const json::value& value, const Place& place)
{
    if (m_isOver)
        return;
    if (const json::string* text = value.if_string())
        readString(view(*text), place);
    else if (const json::object* object = value.if_object())
        readObject(*object, place);
    else if (const json::array* array = value.if_array())
        readArray(*array, place);
}

void ArgumentTexts::readObject(const json::object& object, const Place& place)
{
    bool goesNowhere = place.goesNowhere;
    if (const json::string* path = m_tool.writesFiles ? textAt(object, kPathMembers) : nullptr)
        goesNowhere = !isRunnableFile(view(*path));
    readProgramAndArguments(object, place);
    for (const json::key_value_pair& member : object) {
        Place inner = place;
        inner.goesNowhere = goesNowhere;
        if (place.nesting == 0)
            inner.pointer = pointerTo(place.pointer, view(member.key()));
        if (const MemberNature nature = memberNature(view(member.key())); !nature.saysNothing())
            inner.nature = nature;
        readValue(member.value(), inner);
    }
}

void ArgumentTexts::readArray(const json::array& array, const Place& place)
{
    const bool areTexts =
        std::all_of(array.begin(), array.end(), [](const json::value& item) { return item.is_string(); });
    std::vector<ArgumentText::Part> parts;
    std::vector<std::string_view> words;
    for (std::size_t i = 0; i < array.size() && !m_isOver; ++i) {
        Place inner = place;
        if (place.nesting == 0)
            inner.pointer = place.pointer + "/" + std::to_string(i);
        if (areTexts && array.size() <= kMaxWords) {
            words.push_back(view(array[i].get_string()));
            parts.push_back({inner.pointer, 0, words.back().size()});
        }
        readValue(array[i], inner);
    }
    if (words.size() > 1 && (place.nature.isCommand || m_tool.runsShell || isProgram(words.front())))
        readCommand(parts, words, place);
}

void ArgumentTexts::readProgramAndArguments(const json::object& object, const Place& place)
{
    const json::string* program = textAt(object, kProgramMembers);
    if (!program || view(*program).find_first_of(" \t\n") != std::string_view::npos)
        return;
    for (const std::string_view name : kArgumentMembers) {
        const json::value* value = object.if_contains(json::string_view(name.data(), name.size()));
        const json::array* list = value ? value->if_array() : nullptr;
        if (!list || list->empty() || list->size() > kMaxWords)
            continue;
        std::vector<std::string_view> words{view(*program)};
        const std::string parent = place.nesting == 0 ? pointerTo(place.pointer, name) : place.pointer;
        std::vector<ArgumentText::Part> parts{{parent + (place.nesting == 0 ? "/0" : ""), 0, 0}};
        for (const json::value& item : *list) {
            const json::string* word = item.if_string();
            words.push_back(word ? view(*word) : std::string_view());
            const std::string index = place.nesting == 0 ? "/" + std::to_string(words.size() - 2) : std::string();
            parts.push_back({parent + index, 0, words.back().size()});
        }
        readCommand(parts, words, place);
    }
}

void ArgumentTexts::readCommand(std::span<const ArgumentText::Part> parts, std::span<const std::string_view> words,
                                const Place& place)
{
    ArgumentText command;
    command.isNested = place.nesting > 0;
    command.reading = {.sql = Likelihood::No, .reportsUnreadableShell = false};
    std::size_t base = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
        command.parts.push_back(parts[i]);
        command.parts.back().base = base;
        if (place.nesting > 0)
            command.parts.back().bytes = place.outerBytes;
        appendWord(command.text, words[i], base);
        base += words[i].size() + 1;
    }
    if (spend(command.text.size()))
        m_take(command);
}

bool ArgumentTexts::isPassedOver(const Place& place) const
{
    if (!m_tool.writesFiles)
        return false;
    return place.nature.isOldText || (place.goesNowhere && place.nature.sql != Likelihood::Yes);
}

void ArgumentTexts::readString(std::string_view text, const Place& place)
{
    if (text.empty() || isPassedOver(place))
        return;
    if (isPatch(text) && !m_tool.runsShell && !m_tool.runsSql) {
        readPatch(text, place);
        return;
    }
    if (!spend(text.size()))
        return;
    ArgumentText argument;
    argument.text = guard::MappedText::identity(text);
    argument.reading = argumentReading(m_tool, place.nature, text);
    argument.parts.push_back({place.pointer, 0, place.nesting > 0 ? place.outerBytes : text.size()});
    argument.isNested = place.nesting > 0;
    m_take(argument);
    readNested(text, place);
}

void ArgumentTexts::readNested(std::string_view text, const Place& place)
{
    const std::size_t begin = text.find_first_not_of(" \t\r\n");
    if (place.nesting == kMaxNesting || begin == std::string_view::npos || (text[begin] != '{' && text[begin] != '['))
        return;
    const Result<json::value> inner = parseStrictJson(text);
    if (!inner)
        return;
    Place nested = place;
    nested.outerBytes = place.nesting > 0 ? place.outerBytes : text.size();
    ++nested.nesting;
    readValue(*inner, nested);
}

void ArgumentTexts::readPatch(std::string_view text, const Place& place)
{
    for (PatchedFile& file : patchedFiles(text)) {
        if (file.added.empty() || !isRunnableFile(file.path) || !spend(file.added.size()))
            continue;
        ArgumentText argument;
        argument.text = std::move(file.added);
        argument.parts.push_back({place.pointer, 0, place.nesting > 0 ? place.outerBytes : text.size()});
        argument.isNested = place.nesting > 0;
        m_take(argument);
    }
}

} // namespace luthien::policy::builtin
