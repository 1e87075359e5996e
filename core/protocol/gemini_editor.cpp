// SPDX-License-Identifier: Apache-2.0
#include "base/strict_json.h"
#include "protocol/chunk_editor.h"
#include "protocol/gemini_arguments.h"
#include "protocol/json_read.h"

#include <algorithm>
#include <array>
#include <span>

// Gemini. A blocked call becomes a part of text where it stood, which keeps the part's signature. Calls come whole, but
// for Vertex, which may send the arguments piece by piece: such a call leaves when it is complete.
namespace luthien::protocol {

namespace json = boost::json;
using conversation::Executor;
using conversation::ReplyReview;
using conversation::StreamForm;
using gemini::StreamedArguments;

namespace {

/// "skip_thought_signature_validator", which Google's documentation offers for a call that has no signature of its own,
/// in base64, since the member is bytes: it survives clients that decode it. Gemini 3 refuses a history in which the
/// first call of a step has none. Source: ai.google.dev/gemini-api/docs/thought-signatures, FAQs; as LiteLLM sends it
/// (_get_dummy_thought_signature) and, not encoded, Gemini CLI (SYNTHETIC_THOUGHT_SIGNATURE); read 2026-11-22.
constexpr std::string_view kNoSignature = "c2tpcF90aG91Z2h0X3NpZ25hdHVyZV92YWxpZGF0b3I=";

constexpr std::array<std::string_view, 10> kPartKinds = {
    "text",     "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
    "toolCall", "toolResponse", "inlineData",       "fileData",       "functionCallDelta",
};

class GeminiEditor final : public ChunkEditor
{
public:
    using ChunkEditor::ChunkEditor;

protected:
    Result<void> read(Chunk& chunk) override;
    Result<bool> carryOut(Chunk& chunk, const Piece& piece, EditedReply& out) override;
    bool compose(Chunk& chunk) override;

private:
    using Kind = Piece::Kind;
    /// What the strict reading of a candidate goes by.
    struct Run
    {
        Kind kind = Kind::Other;
        std::uint32_t block = 0;
        std::optional<StreamedArguments> streamed;
        std::size_t streamedCall = 0;
        bool lacksSignature = false;
    };

    Result<void> readCandidate(json::object& candidate, std::size_t place, std::size_t count, Chunk& chunk);
    Result<void> readPart(const json::object& part, Piece piece, Chunk& chunk);
    Result<void> readText(const json::object& part, Piece piece, Chunk& chunk);
    Result<void> readCall(const json::object& call, Piece piece, Chunk& chunk);
    Result<void> readStreamed(const json::object& call, std::string_view name, Piece& piece);
    void readServerCall(std::string_view name, const json::value& arguments, Piece piece, Chunk& chunk);
    void carryOutText(Chunk& chunk, const Piece& piece, json::value part);
    Result<bool> carryOutCall(Chunk& chunk, const Piece& piece, json::value part);
    void sign(json::object& part, Run& run, Chunk& chunk) const;
    void finishCandidate(Chunk& chunk, const Piece& piece);
    [[nodiscard]] static json::object& candidateOf(Chunk& chunk, std::size_t place)
    {
        return (*arrayAt(chunk.content, "candidates"))[place].get_object();
    }
    [[nodiscard]] static json::value& partOf(Chunk& chunk, const Piece& piece)
    {
        return (*arrayAt(*objectAt(candidateOf(chunk, piece.candidate), "content"), "parts"))[piece.part];
    }

    std::map<std::uint32_t, Run> m_runs;
    std::deque<std::string> m_arguments; ///< of the chunk's calls that are still to be read
    bool m_needsSignatures = true;
};

bool isSet(const json::object& object, std::string_view name)
{
    const json::value* value = object.if_contains(toJsonText(name));
    return value && !value->is_null();
}

/// The JSON of everything that stands at a path below the value; "*" = in each element.
void collect(simdjson::ondemand::value& value, std::span<const std::string_view> path, std::deque<std::string>& all)
{
    if (path.empty()) {
        all.emplace_back(rawJsonOf(value));
        return;
    }
    const auto below = path.subspan(1);
    if (path.front() == "*") {
        forEachElement(value, [&](simdjson::ondemand::value& element) { collect(element, below, all); });
        return;
    }
    forEachMember(value, [&](std::string_view name, simdjson::ondemand::value& member) {
        if (name == path.front())
            collect(member, below, all);
    });
}

/// The arguments of a chunk's calls as the model wrote them, in order; the chunk has been read strictly.
std::deque<std::string> argumentsIn(std::string_view chunk)
{
    constexpr std::array<std::string_view, 6> path = {"*", "content", "parts", "*", "functionCall", "args"};
    std::deque<std::string> all;
    JsonReader reader;
    simdjson::ondemand::value candidates;
    auto object = reader.object(chunk);
    if (object && !object->find_field_unordered("candidates").get(candidates))
        collect(candidates, path, all);
    return all;
}

/// True if a call stands somewhere else than in a part, or under the name that only some clients know.
bool hidesCall(const json::object& chunk)
{
    const auto isCall = [](const json::object& object) {
        return object.contains("functionCall") || object.contains("function_call") ||
               object.contains("functionCalls") || object.contains("tool_calls");
    };
    json::object rest = chunk;
    if (json::array* candidates = arrayAt(rest, "candidates")) {
        for (json::value& candidate : *candidates) {
            json::object* content = candidate.is_object() ? objectAt(candidate.get_object(), "content") : nullptr;
            json::array* parts = content ? arrayAt(*content, "parts") : nullptr;
            for (std::size_t i = 0; parts && i < parts->size(); ++i) {
                json::object* part = (*parts)[i].if_object();
                json::value* call = part ? part->if_contains("functionCall") : nullptr;
                if (!call)
                    continue;
                if (anyObject(*call, "args", isCall))
                    return true;
                part->erase("functionCall");
            }
        }
    }
    return anyObject(rest, "args", isCall);
}

Result<void> GeminiEditor::read(Chunk& chunk)
{
    if (hidesCall(chunk.content))
        return cannotJudge("a call stands where none may be");
    const Result<std::string_view> model = stringAt(chunk.content, "modelVersion");
    if (!model)
        return model.error();
    if (model->starts_with("gemini-1") || model->starts_with("gemini-2"))
        m_needsSignatures = false;
    const json::value* member = chunk.content.if_contains("candidates");
    if (!member || member->is_null())
        return {};
    json::array* candidates = arrayAt(chunk.content, "candidates");
    if (!candidates)
        return cannotJudge("the candidates are no list", "candidates");
    chunk.parts.resize(candidates->size());
    m_arguments = argumentsIn(chunk.event.data());
    for (std::size_t i = 0; i < candidates->size(); ++i) {
        json::object* candidate = (*candidates)[i].if_object();
        if (!candidate)
            return cannotJudge("a candidate is no object", "candidates");
        if (Result<void> found = readCandidate(*candidate, i, candidates->size(), chunk); !found)
            return found;
    }
    return {};
}

Result<void> GeminiEditor::readCandidate(json::object& candidate, std::size_t place, std::size_t count, Chunk& chunk)
{
    // Without an index it can only be the first, and only if it is alone.
    const bool isAlone = count == 1 && !candidate.contains("index");
    const Result<std::uint32_t> number = isAlone ? Result<std::uint32_t>(0) : indexAt(candidate, "index");
    const Result<std::string_view> reason = stringAt(candidate, "finishReason");
    if (!number || !reason)
        return number ? reason.error() : number.error();
    for (const Piece& piece : chunk.pieces) {
        if (piece.choice == *number)
            return cannotJudge("two candidates have one number", "candidates");
    }
    const json::value* content = candidate.if_contains("content");
    if (content && !content->is_null() && !content->is_object())
        return cannotJudge("a content is no object", "content");
    const json::value* list = content && content->is_object() ? content->get_object().if_contains("parts") : nullptr;
    if (list && !list->is_null() && !list->is_array())
        return cannotJudge("the parts are no list", "parts");
    const json::array* parts = list ? list->if_array() : nullptr;
    if (parts && !parts->empty() && choiceAt(*number).isFinished)
        return cannotJudge("a candidate goes on after its end", "candidates");
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        const json::object* part = (*parts)[i].if_object();
        if (!part)
            return cannotJudge("a part is no object", "parts");
        if (Result<void> found = readPart(*part, {.choice = *number, .candidate = place, .part = i}, chunk); !found)
            return found;
    }
    if (!reason->empty()) {
        if (m_runs[*number].streamed)
            return cannotJudge("a candidate ends within a call", "finishReason");
        choiceAt(*number).isFinished = true;
        chunk.pieces.push_back({.kind = Kind::Finish, .choice = *number, .candidate = place});
    }
    return {};
}

Result<void> GeminiEditor::readPart(const json::object& part, Piece piece, Chunk& chunk)
{
    const auto kinds = std::ranges::count_if(kPartKinds, [&part](std::string_view kind) { return isSet(part, kind); });
    if (kinds > 1)
        return cannotJudge("a part is two things", "parts");
    if (isSet(part, "text"))
        return readText(part, std::move(piece), chunk);
    Run& run = m_runs[piece.choice];
    if (isSet(part, "functionCall")) {
        const json::object* call = part.at("functionCall").if_object();
        return call ? readCall(*call, std::move(piece), chunk) : cannotJudge("a call is no object", "functionCall");
    }
    if (isSet(part, "executableCode"))
        readServerCall("codeExecution", part.at("executableCode"), std::move(piece), chunk);
    else if (isSet(part, "toolCall"))
        readServerCall("toolCall", part.at("toolCall"), std::move(piece), chunk);
    else
        chunk.pieces.push_back(std::move(piece));
    run.kind = Kind::Other;
    return {};
}

/// Texts that follow each other are one block; an empty one neither begins nor ends one.
Result<void> GeminiEditor::readText(const json::object& part, Piece piece, Chunk& chunk)
{
    const Result<std::string_view> text = stringAt(part, "text");
    if (!text)
        return text.error();
    const json::value* thought = part.if_contains("thought");
    if (thought && !thought->is_null() && !thought->is_bool())
        return cannotJudge("a thought is neither true nor false", "thought");
    Run& run = m_runs[piece.choice];
    piece.kind = thought && thought->is_bool() && thought->get_bool() ? Kind::Thinking : Kind::Text;
    piece.text = *text;
    if (!text->empty() && run.kind != piece.kind) {
        run.kind = piece.kind;
        run.block = m_nextBlock++;
    }
    piece.block = run.block;
    chunk.pieces.push_back(std::move(piece));
    return {};
}

Result<void> GeminiEditor::readCall(const json::object& call, Piece piece, Chunk& chunk)
{
    const Result<std::string_view> id = stringAt(call, "id");
    const Result<std::string_view> name = stringAt(call, "name");
    if (!id || !name)
        return cannotJudge("a call's id or name is no text", "functionCall");
    const json::value* arguments = call.if_contains("args");
    if (arguments && !arguments->is_null() && !arguments->is_object())
        return cannotJudge("a call's arguments are no object", "args");
    Run& run = m_runs[piece.choice];
    if (name->empty() != run.streamed.has_value())
        return cannotJudge(name->empty() ? "a call has no name" : "a call begins within another", "functionCall");
    run.kind = Kind::Other;
    std::string written = "{}";
    if (arguments && !m_arguments.empty()) {
        if (arguments->is_object())
            written = std::move(m_arguments.front());
        m_arguments.pop_front();
    }
    const bool isStreamed = run.streamed || isSet(call, "willContinue") || isSet(call, "partialArgs");
    if (isStreamed && arguments && !arguments->is_null())
        return cannotJudge("a call brings its arguments twice", "args");
    piece.kind = run.streamed ? Kind::CallRest : Kind::Call;
    if (!run.streamed) {
        piece.block = m_nextBlock++;
        piece.call = addCall({.choice = piece.choice,
                              .block = piece.block,
                              .id = std::string(*id),
                              .name = std::string(*name),
                              .arguments = std::move(written)});
    }
    if (!isStreamed)
        completeCall(piece.call);
    else if (Result<void> read = readStreamed(call, *name, piece); !read)
        return read;
    chunk.pieces.push_back(std::move(piece));
    return {};
}

Result<void> GeminiEditor::readStreamed(const json::object& call, std::string_view name, Piece& piece)
{
    Run& run = m_runs[piece.choice];
    if (!name.empty()) {
        run.streamed.emplace();
        run.streamedCall = piece.call;
    }
    piece.call = run.streamedCall;
    const json::value* pieces = call.if_contains("partialArgs");
    if (pieces && !pieces->is_null() && !pieces->is_array())
        return cannotJudge("a call's arguments are no list", "partialArgs");
    const json::array* list = pieces ? pieces->if_array() : nullptr;
    for (std::size_t i = 0; list && i < list->size(); ++i) {
        const json::object* entry = (*list)[i].if_object();
        if (!entry || !run.streamed->add(*entry))
            return cannotJudge("a call's arguments cannot be put together", "partialArgs");
    }
    const json::value* more = call.if_contains("willContinue");
    if (more && !more->is_null() && !more->is_bool())
        return cannotJudge("a call neither goes on nor ends", "willContinue");
    if (more && more->is_bool() && more->get_bool())
        return {};
    m_calls[piece.call].arguments = json::serialize(run.streamed->value());
    run.streamed.reset();
    completeCall(piece.call);
    return {};
}

void GeminiEditor::readServerCall(std::string_view name, const json::value& arguments, Piece piece, Chunk& chunk)
{
    piece.kind = Kind::Other;
    piece.block = m_nextBlock++;
    completeCall(addCall({.choice = piece.choice,
                          .block = piece.block,
                          .executor = Executor::Server,
                          .name = std::string(name),
                          .arguments = json::serialize(arguments)}));
    chunk.pieces.push_back(std::move(piece));
}

Result<bool> GeminiEditor::carryOut(Chunk& chunk, const Piece& piece, EditedReply&)
{
    Choice& choice = choiceAt(piece.choice);
    json::array& left = chunk.parts[piece.candidate];
    if (choice.isEnded && piece.kind != Kind::Finish) {
        chunk.isChanged = true;
        return true;
    }
    if (piece.kind != Kind::Text && !(piece.kind == Kind::Thinking && piece.text.empty())) {
        std::string rest;
        const bool isKnown = finishText(choice, rest);
        if (!rest.empty()) {
            left.push_back(json::object{{"text", toJsonText(rest)}});
            chunk.isChanged = true;
        }
        if (!isKnown)
            return false;
    }
    switch (piece.kind) {
    case Kind::Text:
        carryOutText(chunk, piece, partOf(chunk, piece));
        return true;
    case Kind::Call:
    case Kind::CallRest:
        return carryOutCall(chunk, piece, partOf(chunk, piece));
    case Kind::Finish:
        finishCandidate(chunk, piece);
        return true;
    case Kind::Thinking:
        showThinking(piece);
        break;
    case Kind::Other:
        break;
    }
    left.push_back(partOf(chunk, piece));
    return true;
}

void GeminiEditor::carryOutText(Chunk& chunk, const Piece& piece, json::value part)
{
    json::array& left = chunk.parts[piece.candidate];
    const std::string text = piece.text.empty() ? std::string() : editText(piece);
    if (text != piece.text) {
        chunk.isChanged = true;
        part.get_object()["text"] = toJsonText(text);
        if (text.empty() && part.get_object().size() == 1)
            return;
    }
    left.push_back(std::move(part));
}

Result<bool> GeminiEditor::carryOutCall(Chunk& chunk, const Piece& piece, json::value part)
{
    Choice& choice = choiceAt(piece.choice);
    Run& run = m_runs[piece.choice];
    json::array& left = chunk.parts[piece.candidate];
    GuardedCall& call = m_calls[piece.call];
    if (piece.kind == Kind::CallRest) {
        if (call.isBlocked() || call.newArguments())
            chunk.isChanged = true;
        else
            left.push_back(std::move(part));
        return true;
    }
    if (!judge(piece.call, choice))
        return false;
    json::object& object = part.get_object();
    if (call.isBlocked()) {
        object.erase("functionCall");
        object["text"] = toJsonText(noticeOf(piece.call, choice));
        run.lacksSignature = run.lacksSignature || (m_needsSignatures && isSet(object, "thoughtSignature"));
        chunk.isChanged = true;
    } else if (const std::string* arguments = call.newArguments()) {
        if (Result<void> fits = call.checkArguments(); !fits)
            return fits.error();
        json::object whole = {{"name", toJsonText(call.name)}, {"args", *parseStrictJson(*arguments)}};
        if (!call.id.empty())
            whole["id"] = toJsonText(call.id);
        object["functionCall"] = std::move(whole);
        chunk.isChanged = true;
    }
    if (!call.isBlocked())
        sign(object, run, chunk);
    left.push_back(std::move(part));
    return true;
}

/// The call that is the first one now that those before it are gone.
void GeminiEditor::sign(json::object& part, Run& run, Chunk& chunk) const
{
    if (run.lacksSignature && !isSet(part, "thoughtSignature")) {
        part["thoughtSignature"] = toJsonText(kNoSignature);
        chunk.isChanged = true;
    }
    run.lacksSignature = false;
}

void GeminiEditor::finishCandidate(Chunk& chunk, const Piece& piece)
{
    const Choice& choice = choiceAt(piece.choice);
    if (choice.blocked == 0)
        return;
    json::object& candidate = candidateOf(chunk, piece.candidate);
    const std::string_view reason = fromJsonText(candidate.at("finishReason").get_string());
    const bool isOfCalls = reason == "UNEXPECTED_TOOL_CALL" || reason == "TOO_MANY_TOOL_CALLS";
    if (choice.isEnded || (choice.left == 0 && isOfCalls))
        candidate["finishReason"] = "STOP";
    candidate.erase("finishMessage"); // "Model generated function call(s)."
    chunk.isChanged = true;
}

bool GeminiEditor::compose(Chunk& chunk)
{
    bool isAnyLeft = isSet(chunk.content, "promptFeedback") || isBody();
    json::array* candidates = arrayAt(chunk.content, "candidates");
    for (std::size_t i = 0; candidates && i < candidates->size(); ++i) {
        json::object& candidate = candidateOf(chunk, i);
        const json::value* index = candidate.if_contains("index");
        const Choice& choice = choiceAt(index ? static_cast<std::uint32_t>(index->to_number<std::int64_t>()) : 0U);
        if (choice.isTextChanged || choice.isEnded) { // they point into the text, and tell what it was
            candidate.erase("citationMetadata");
            candidate.erase("logprobsResult");
            if (json::object* grounding = objectAt(candidate, "groundingMetadata"))
                grounding->erase("groundingSupports");
        }
        isAnyLeft = isAnyLeft || !chunk.parts[i].empty() || isSet(candidate, "finishReason") ||
                    (isSet(candidate, "groundingMetadata") && !choice.isEnded);
        json::object* content = objectAt(candidate, "content");
        if (!content && !chunk.parts[i].empty())
            content = &(candidate["content"] = json::object{{"role", "model"}}).get_object();
        if (content)
            (*content)["parts"] = std::move(chunk.parts[i]);
    }
    return isAnyLeft;
}

} // namespace

std::unique_ptr<ReplyEditor> makeGeminiEditor(ReplyReview& review, std::optional<StreamForm> form)
{
    return std::make_unique<GeminiEditor>(review, form);
}

} // namespace luthien::protocol
