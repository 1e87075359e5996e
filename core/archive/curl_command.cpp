// SPDX-License-Identifier: Apache-2.0
#include "archive/curl_command.h"

#include "base/hidden_character.h"
#include "base/utf8.h"

#include <QByteArray>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cstdio>

namespace luthien::archive {

namespace json = boost::json;
using conversation::Api;

namespace {
constexpr std::string_view kRedacted = "[redacted]";
// Linux takes no word beyond 128 KiB; longer bodies come over standard input.
constexpr std::size_t kLongestWord = 96 * 1024;
constexpr std::string_view kBodyEnd = "LUTHIEN_BODY";

/// Headers that curl makes itself, or that speak of the connection or of the body as it was on the wire.
constexpr std::array<std::string_view, 16> kLeftOut = {
    "host",
    "content-length",
    "content-encoding",
    "transfer-encoding",
    "accept-encoding",
    "expect",
    "connection",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "upgrade",
    "forwarded",
    "x-luthien-call-id",
    "x-luthien-trial",
};

std::string lowered(std::string_view text)
{
    std::string lower(text);
    std::ranges::transform(lower, lower.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; });
    return lower;
}

/// What a terminal would act on, or a person would not see. A line break is seen, and stays one between quotes.
bool isUnseen(Utf8Character character)
{
    const char32_t code = character.code;
    if (character.length <= 1)
        return character.length == 0 || (code < 0x20 && code != U'\n') || code == 0x7f;
    return isHiddenCharacter(code);
}

bool hasUnseen(std::string_view text)
{
    while (!text.empty()) {
        const Utf8Character character = firstCharacter(text);
        if (isUnseen(character))
            return true;
        text.remove_prefix(character.length);
    }
    return false;
}

/// Bytes that are no UTF-8 are escaped one by one. Source: bash(1), QUOTING: the words of the form $'string'.
std::string escapedWord(std::string_view text)
{
    std::string word = "$'";
    while (!text.empty()) {
        const Utf8Character character = firstCharacter(text);
        const std::string_view bytes = text.substr(0, std::max<std::size_t>(character.length, 1));
        text.remove_prefix(bytes.size());
        if (character.code == U'\'' || character.code == U'\\') {
            word.append("\\").append(bytes);
        } else if (!isUnseen(character)) {
            word += bytes;
        } else {
            for (const char c : bytes) {
                std::array<char, 8> escape{};
                std::snprintf(escape.data(), escape.size(), "\\%03o", static_cast<unsigned char>(c));
                word += escape.data();
            }
        }
    }
    return word + '\'';
}

/// Of the variable in which people keep the key of that API.
std::string keyVariable(Api api)
{
    switch (api) {
    case Api::AnthropicMessages:
        return "ANTHROPIC_API_KEY";
    case Api::Gemini:
        return "GEMINI_API_KEY";
    case Api::Ollama:
        return "OLLAMA_API_KEY";
    default:
        return "OPENAI_API_KEY";
    }
}

std::string variableFor(std::string_view header, Api api)
{
    const std::string name = lowered(header);
    if (name == "authorization" && api == Api::AnthropicMessages)
        return "ANTHROPIC_AUTH_TOKEN"; // what Claude Code calls it; the key goes in x-api-key
    if (name == "authorization" || name == "x-api-key" || name == "api-key" || name == "x-goog-api-key")
        return keyVariable(api);
    std::string variable;
    for (const char c : name)
        variable += (c >= 'a' && c <= 'z') ? static_cast<char>(c - 0x20) : (c >= '0' && c <= '9') ? c : '_';
    return variable.empty() || (variable.front() >= '0' && variable.front() <= '9') ? "SECRET_" + variable : variable;
}

std::string headerWords(std::string_view name, std::string_view value, Api api)
{
    const std::string option = " \\\n  -H ";
    if (value == kRedacted) {
        const std::string before = std::string(name) + (lowered(name) == "authorization" ? ": Bearer " : ": ");
        return option + shellWord(before) + "\"$" + variableFor(name, api) + '"';
    }
    if (value.empty()) // "Name:" would take the header out
        return option + shellWord(std::string(name) + ';');
    return option + shellWord(std::string(name) + ": " + std::string(value));
}

/// The address with the values that were taken out of its query as variables.
std::string addressWord(std::string_view url, Api api)
{
    std::string word;
    for (std::size_t at = url.find(kRedacted); at != std::string_view::npos; at = url.find(kRedacted)) {
        word += shellWord(url.substr(0, at)) + "\"$" + keyVariable(api) + '"';
        url.remove_prefix(at + kRedacted.size());
    }
    return url.empty() && !word.empty() ? word : word + shellWord(url);
}

std::string textOf(const json::object& object, std::string_view name)
{
    const json::value* const value = object.if_contains(json::string_view(name.data(), name.size()));
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

/// Standard input for the command, as lines that any terminal takes.
std::string bodyLines(std::string_view body)
{
    const QByteArray encoded = QByteArray::fromRawData(body.data(), static_cast<qsizetype>(body.size())).toBase64();
    std::string lines;
    constexpr qsizetype kColumns = 76;
    for (qsizetype at = 0; at < encoded.size(); at += kColumns)
        lines += encoded.mid(at, kColumns).toStdString() + '\n';
    return lines;
}

struct Headers
{
    std::string words;
    bool hasType = false;
};

Headers headersOf(const json::object& head, Api api)
{
    Headers headers;
    const json::value* const list = head.if_contains("headers");
    if (list == nullptr || !list->is_array())
        return headers;
    for (const json::value& pair : list->get_array()) {
        const json::array* const both = pair.if_array();
        if (both == nullptr || both->size() != 2 || !(*both)[0].is_string() || !(*both)[1].is_string())
            continue;
        const std::string name((*both)[0].get_string());
        if (std::ranges::find(kLeftOut, lowered(name)) != kLeftOut.end())
            continue;
        headers.hasType = headers.hasType || lowered(name) == "content-type";
        headers.words += headerWords(name, std::string_view((*both)[1].get_string()), api);
    }
    return headers;
}
} // namespace

std::string shellWord(std::string_view text)
{
    if (hasUnseen(text))
        return escapedWord(text);
    std::string word = "'";
    for (const char c : text) {
        if (c == '\'')
            word += "'\\''";
        else
            word += c;
    }
    return word + '\'';
}

std::string curlCommand(const RecordedRequest& request)
{
    boost::system::error_code failed;
    const json::value parsed = json::parse(json::string_view(request.head.data(), request.head.size()), failed);
    const json::object head = !failed && parsed.is_object() ? parsed.get_object() : json::object();
    const std::string method = textOf(head, "method");
    const std::string target = textOf(head, "target");
    // No brackets are patterns, no file of ours says otherwise, and what comes is shown when it comes.
    std::string command = "curl -q -sS -N --globoff";
    if (method != "GET")
        command += " -X " + shellWord(method.empty() ? "POST" : method);
    command += ' ' + addressWord(std::string(request.address) + (target.empty() ? "/" : target), request.api);
    const Headers headers = headersOf(head, request.api);
    command += headers.words;
    if (request.body.empty())
        return command;
    if (!headers.hasType) // curl would claim that it is a form
        command += " \\\n  -H 'Content-Type:'";
    const bool isWord = request.body.size() <= kLongestWord && request.body.find('\0') == std::string_view::npos;
    if (isWord)
        return command + " \\\n  --data-raw " + shellWord(request.body);
    const std::string end(kBodyEnd);
    return "base64 -d <<'" + end + "' | " + command + " \\\n  --data-binary @-\n" + bodyLines(request.body) + end;
}

} // namespace luthien::archive
