// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/chunk_editor.h"
#include "protocol/folded_name.h"
#include "protocol/json_read.h"

#include <algorithm>
#include <array>

// Ollama. Text and calls stand side by side in a message; a blocked call becomes text of the line it came in. What
// stayed back of the text leaves in a line of its own before the one that is done: clients may not read its text.
namespace luthien::protocol {

namespace json = boost::json;
using conversation::ReplyReview;
using conversation::StreamForm;

namespace {

class OllamaEditor final : public ChunkEditor
{
public:
    using ChunkEditor::ChunkEditor;

protected:
    Result<void> read(Chunk& chunk) override;
    Result<bool> carryOut(Chunk& chunk, const Piece& piece, EditedReply& out) override;
    bool compose(Chunk& chunk) override;

private:
    using Kind = Piece::Kind;

    Result<void> readTexts(const json::object& parent, std::string_view name, Chunk& chunk);
    Result<void> readCalls(const json::object& message, Chunk& chunk);
    Result<void> readCall(const json::object& call, std::size_t place, Chunk& chunk);
    Result<bool> carryOutCall(Chunk& chunk, const Piece& piece);
    bool finish(Chunk& chunk, EditedReply& out);
    /// Where a chunk's text stands: "content" of the message, or "response".
    [[nodiscard]] static std::pair<json::object*, std::string_view> textOf(json::object& line);
    [[nodiscard]] static bool isDone(const json::object& line)
    {
        const json::value* done = line.if_contains("done");
        return done && done->is_bool() && done->get_bool();
    }

    std::deque<std::string> m_arguments; ///< of the line's calls that are still to be read
    std::optional<std::uint32_t> m_textBlock;
    std::optional<std::uint32_t> m_thinkingBlock;
    std::uint32_t m_gone = 0; ///< calls that were taken out, whose numbers the later ones get
    std::string m_rest;       ///< of the text's end, as far as it is known
};

/// The arguments of a line's calls as the model wrote them, in order; the line has been read strictly.
std::deque<std::string> argumentsIn(std::string_view line)
{
    std::deque<std::string> all;
    JsonReader reader;
    simdjson::ondemand::value calls;
    auto object = reader.object(line);
    if (!object || object->find_field_unordered("message").find_field_unordered("tool_calls").get(calls))
        return all;
    forEachElement(calls, [&all](simdjson::ondemand::value& call) {
        forEachMember(call, [&all](std::string_view name, simdjson::ondemand::value& function) {
            if (name != "function")
                return;
            forEachMember(function, [&all](std::string_view key, simdjson::ondemand::value& arguments) {
                if (key == "arguments")
                    all.emplace_back(rawJsonOf(arguments));
            });
        });
    });
    return all;
}

std::pair<json::object*, std::string_view> OllamaEditor::textOf(json::object& line)
{
    if (json::object* message = objectAt(line, "message"))
        return {message, "content"};
    return {&line, "response"};
}

/// What a reply is read by, and what would be read as a call elsewhere.
constexpr std::array<std::string_view, 14> kNames = {
    "message",    "role",     "content", "thinking",  "response", "done",          "done_reason",
    "tool_calls", "function", "name",    "arguments", "id",       "function_call", "functioncall"};

/// Ollama's own client and others written in Go would read what we do not see.
bool isSpelledOtherwise(const json::object& object)
{
    return std::ranges::any_of(
        object, [](const json::key_value_pair& member) { return isOtherSpelling(fromJsonText(member.key()), kNames); });
}

bool hidesCall(const json::object& line)
{
    json::object rest = line;
    if (json::object* message = objectAt(rest, "message"))
        message->erase("tool_calls");
    return anyObject(rest, "arguments", [](const json::object& object) {
        return object.contains("tool_calls") || object.contains("function_call") || object.contains("functionCall");
    });
}

Result<void> OllamaEditor::read(Chunk& chunk)
{
    json::object& line = chunk.content;
    if (hidesCall(line))
        return cannotJudge("a call stands where none may be");
    if (anyObject(line, "arguments", isSpelledOtherwise))
        return cannotJudge("a member's name is spelled in other letters");
    const json::value* done = line.if_contains("done");
    if (done && !done->is_null() && !done->is_bool())
        return cannotJudge("it is neither done nor not", "done");
    if (const Result<std::string_view> reason = stringAt(line, "done_reason"); !reason)
        return reason.error();
    const json::value* member = line.if_contains("message");
    if (member && !member->is_null() && !member->is_object())
        return cannotJudge("the message is no object", "message");
    const json::object* message = member ? member->if_object() : nullptr;
    if (message && line.contains("response"))
        return cannotJudge("its text stands in two places", "message");
    Choice& choice = choiceAt(0);
    if (choice.isFinished && (message || line.contains("response")))
        return cannotJudge("it goes on after its end", "done");
    const json::object& parent = message ? *message : line;
    if (Result<void> texts = readTexts(parent, message ? "content" : "response", chunk); !texts)
        return texts;
    if (Result<void> calls = message ? readCalls(*message, chunk) : Result<void>(); !calls)
        return calls;
    if (isDone(line)) {
        choice.isFinished = true;
        chunk.pieces.push_back({.kind = Kind::Finish});
    }
    return {};
}

Result<void> OllamaEditor::readTexts(const json::object& parent, std::string_view name, Chunk& chunk)
{
    const Result<std::string_view> thinking = stringAt(parent, "thinking");
    const Result<std::string_view> text = stringAt(parent, name);
    if (!thinking || !text)
        return thinking ? text.error() : thinking.error();
    const auto add = [&](Kind kind, std::optional<std::uint32_t>& block, std::string_view part) {
        if (part.empty())
            return;
        if (!block)
            block = m_nextBlock++;
        chunk.pieces.push_back({.kind = kind, .block = *block, .text = std::string(part)});
    };
    add(Kind::Thinking, m_thinkingBlock, *thinking);
    add(Kind::Text, m_textBlock, *text);
    return {};
}

Result<void> OllamaEditor::readCalls(const json::object& message, Chunk& chunk)
{
    const json::value* calls = message.if_contains("tool_calls");
    if (!calls || calls->is_null())
        return {};
    const json::array* list = calls->if_array();
    if (!list)
        return cannotJudge("the calls are no list", "tool_calls");
    m_arguments = argumentsIn(chunk.event.data());
    for (std::size_t i = 0; i < list->size(); ++i) {
        const json::object* call = (*list)[i].if_object();
        if (!call)
            return cannotJudge("a call is no object", "tool_calls");
        if (Result<void> read = readCall(*call, i, chunk); !read)
            return read;
    }
    return {};
}

Result<void> OllamaEditor::readCall(const json::object& call, std::size_t place, Chunk& chunk)
{
    const json::value* member = call.if_contains("function");
    const json::object* function = member ? member->if_object() : nullptr;
    if (!function)
        return cannotJudge("a call is of no kind we know", "tool_calls");
    const Result<std::string_view> id = stringAt(call, "id");
    const Result<std::string_view> name = stringAt(*function, "name");
    if (!id || !name || name->empty())
        return cannotJudge("a call's id or name is no text", "tool_calls");
    const json::value* arguments = function->if_contains("arguments");
    if (arguments && !arguments->is_null() && !arguments->is_object())
        return cannotJudge("a call's arguments are no object", "arguments");
    std::string written = "{}";
    if (arguments && !m_arguments.empty()) {
        if (arguments->is_object())
            written = std::move(m_arguments.front());
        m_arguments.pop_front();
    }
    Piece piece{.kind = Kind::Call, .block = m_nextBlock++, .part = place};
    piece.call = addCall(
        {.block = piece.block, .id = std::string(*id), .name = std::string(*name), .arguments = std::move(written)});
    completeCall(piece.call);
    chunk.pieces.push_back(std::move(piece));
    return {};
}

Result<bool> OllamaEditor::carryOut(Chunk& chunk, const Piece& piece, EditedReply& out)
{
    const bool isEnded = choiceAt(0).isEnded;
    if (chunk.parts.empty())
        chunk.parts.resize(1); // the calls that are left
    if (piece.kind == Kind::Finish)
        return finish(chunk, out);
    if (isEnded) {
        chunk.isChanged = true;
        if (piece.kind == Kind::Thinking)
            textOf(chunk.content).first->erase("thinking");
        return true;
    }
    if (piece.kind == Kind::Call)
        return carryOutCall(chunk, piece);
    if (piece.kind == Kind::Thinking) {
        showThinking(piece);
        return true;
    }
    chunk.text = editText(piece);
    chunk.isChanged = chunk.isChanged || chunk.text != piece.text;
    return true;
}

Result<bool> OllamaEditor::carryOutCall(Chunk& chunk, const Piece& piece)
{
    Choice& choice = choiceAt(0);
    if (!judge(piece.call, choice))
        return false;
    const GuardedCall& call = m_calls[piece.call];
    if (call.isBlocked()) {
        chunk.text += noticeOf(piece.call, choice);
        chunk.isChanged = true;
        ++m_gone;
        return true;
    }
    json::value left = (*arrayAt(*objectAt(chunk.content, "message"), "tool_calls"))[piece.part];
    json::object& function = left.at("function").get_object();
    if (const std::string* arguments = call.newArguments()) {
        if (Result<void> fits = call.checkArguments(); !fits)
            return fits.error();
        function["arguments"] = *parseStrictJson(*arguments);
        chunk.isChanged = true;
    }
    json::value* index = function.if_contains("index");
    if (index && index->is_int64() && m_gone > 0) {
        *index = std::max<std::int64_t>(0, index->get_int64() - m_gone);
        chunk.isChanged = true;
    }
    chunk.parts[0].push_back(std::move(left));
    return true;
}

bool OllamaEditor::finish(Chunk& chunk, EditedReply& out)
{
    Choice& choice = choiceAt(0);
    const bool isKnown = finishText(choice, m_rest);
    if (!isKnown)
        return false;
    if (!m_rest.empty() && (isBody() || !chunk.text.empty())) {
        chunk.text += m_rest;
        chunk.isChanged = true;
    } else if (!m_rest.empty()) {
        json::object line;
        for (const char* name : {"model", "created_at"}) {
            if (const json::value* value = chunk.content.if_contains(name))
                line[name] = *value;
        }
        if (objectAt(chunk.content, "message"))
            line["message"] = json::object{{"role", "assistant"}, {"content", toJsonText(m_rest)}};
        else
            line["response"] = toJsonText(m_rest);
        line["done"] = false;
        madeEvent(line).write(out);
    }
    m_rest.clear();
    json::value* reason = chunk.content.if_contains("done_reason");
    const bool isOfCalls = reason && reason->is_string() && reason->get_string() == "tool_calls";
    if (reason && (choice.isEnded || (isOfCalls && choice.blocked > 0 && choice.left == 0))) {
        *reason = "stop";
        chunk.isChanged = true;
    }
    return true;
}

bool OllamaEditor::compose(Chunk& chunk)
{
    const auto [parent, name] = textOf(chunk.content);
    (*parent)[toJsonText(name)] = toJsonText(chunk.text);
    if (choiceAt(0).isTextChanged)
        chunk.content.erase("logprobs"); // what is said of single tokens tells what they were
    if (parent->contains("tool_calls")) {
        if (chunk.parts[0].empty())
            parent->erase("tool_calls");
        else
            (*parent)["tool_calls"] = std::move(chunk.parts[0]);
    }
    return isBody() || isDone(chunk.content) || !chunk.text.empty() || parent->contains("tool_calls") ||
           parent->contains("thinking");
}

} // namespace

std::unique_ptr<ReplyEditor> makeOllamaEditor(ReplyReview& review, std::optional<StreamForm> form)
{
    return std::make_unique<OllamaEditor>(review, form);
}

} // namespace luthien::protocol
