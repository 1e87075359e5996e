// SPDX-License-Identifier: Apache-2.0
// Feeds replies of one API to its editors. Whatever they are: of what a review blocks no word leaves, bytes are neither
// invented nor lost, late answers end as early ones do, and a reply that keeps the rules of protocol::StreamChecker
// keeps them whatever is answered: calls blocked, ended, given new arguments, texts changed, at once or late. Any break
// aborts.
#include "conversation/response.h"
#include "core/protocol/editing.h"
#include "protocol/dialect.h"
#include "support/stream_checker.h"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace json = boost::json;
using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

namespace {
constexpr Api kApi = Api::FUZZED_API;
constexpr std::size_t kMaxBytes = 256 * 1024;
/// Shorter ones are found in any text.
constexpr std::size_t kTellingBytes = 24;

enum class Answers { AllBlocked, SomeBlocked, NoneBlocked };

void require(bool holds, const char* what, std::string_view detail)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n%.*s\n", what, static_cast<int>(detail.size()), detail.data());
    std::abort();
}

/// Whether some call is blocked hangs on what it says, as with policies, not on when it is asked about.
class Review final : public test::ScriptedReview
{
public:
    explicit Review(Answers answers)
    {
        if (answers != Answers::NoneBlocked)
            blocks = [this, answers](std::size_t call) {
                return answers == Answers::AllBlocked || clientCalls[call].arguments.size() % 2 == 0;
            };
    }
    Review(const Review&) = delete;
    Review& operator=(const Review&) = delete;
};

/// What a client that forgives much makes of it: simdjson reads the first of two members, the editors refuse both.
Response readStream(std::string_view bytes)
{
    const auto decoder = dialectFor(kApi).makeDecoder();
    ResponseAssembler assembler;
    for (const test::SentEvent& sent : test::splitEvents(bytes)) {
        for (const StreamEvent& event : decoder->decode(sent.type, sent.data))
            assembler.apply(event);
    }
    return assembler.response();
}

Response readBody(std::string_view bytes)
{
    std::vector<StreamEvent> events;
    const auto decoder = dialectFor(kApi).decodeBody(bytes, events);
    ResponseAssembler assembler;
    for (const StreamEvent& event : events)
        assembler.apply(event);
    return assembler.response();
}

void requireNoCalls(const Response& response, const Review& review, const std::string& left)
{
    // Pieces of a call of the provider's own whose start was lost have neither id nor name: nobody can carry them out.
    for (const Block& block : response.blocks)
        require(block.kind != BlockKind::ToolUse || block.executor != Executor::Client ||
                    (block.id.empty() && block.name.empty()),
                "a blocked call left", left);
    for (const auto& call : review.clientCalls) {
        const json::value text(call.arguments);
        const std::string quoted = json::serialize(text);
        const std::string_view inside = std::string_view(quoted).substr(1, quoted.size() - 2);
        require(inside.size() < kTellingBytes || left.find(inside) == std::string::npos, "arguments left", left);
    }
}

/// The bytes of the events in a stream: what is behind the last of them is none.
std::size_t eventBytes(std::string_view stream)
{
    SseParser parser;
    std::size_t all = 0;
    std::size_t taken = 0;
    while (!stream.empty()) {
        const auto step = parser.parse(stream);
        taken += step.consumed;
        stream.remove_prefix(step.consumed);
        if (step.state == SseParser::State::Event)
            all = taken;
    }
    return all;
}

void checkStream(std::string_view bytes, Answers answers)
{
    Review review(answers);
    test::Collected out;
    const bool isJudged = test::edit(kApi, review, bytes, out).hasValue();
    const std::size_t received = eventBytes(bytes);
    require(isJudged ? out.kept + out.lost == received : out.kept + out.lost <= received, "bytes do not add up", bytes);
    if (answers == Answers::AllBlocked)
        requireNoCalls(readStream(out.bytes), review, out.bytes);
    const auto events = test::splitEvents(bytes);
    if (isJudged && test::breach(kApi, events).isEmpty())
        require(test::breach(kApi, test::splitEvents(out.bytes)).isEmpty(), "clients stumble", out.bytes);
    if (isJudged && answers == Answers::NoneBlocked)
        require(readStream(out.bytes) == readStream(bytes), "what was allowed reads differently", out.bytes);
}

/// Nothing is known until all has come.
void checkLateAnswers(std::string_view bytes)
{
    Review review(Answers::SomeBlocked);
    review.isPending = true;
    test::Collected late;
    const auto editor = makeStreamEditor(kApi, review);
    const auto fed = test::feed(*editor, bytes, late);
    requireNoCalls(readStream(late.bytes), review, late.bytes);
    review.isPending = false;
    if (!fed || !editor->resume(late) || !editor->end(late))
        return;
    require(!editor->isHolding() && editor->heldBytes() == 0, "something is held behind the end", late.bytes);
    Review atOnce(Answers::SomeBlocked);
    test::Collected early;
    // What still waits when a reply fails is lost.
    if (test::edit(kApi, atOnce, bytes, early) && readStream(bytes).error.empty())
        require(late.bytes == early.bytes, "late answers end differently", late.bytes + "\n---\n" + early.bytes);
}

void checkBody(std::string_view bytes, Answers answers)
{
    Review review(answers);
    test::Collected out;
    const auto editor = makeBodyEditor(kApi, review);
    const auto judged = editor->event({.type = {}, .data = bytes, .bytes = bytes}, out);
    require(judged.hasValue() ? out.kept + out.lost == bytes.size() : out.bytes.empty(), "bytes do not add up", bytes);
    if (answers == Answers::AllBlocked)
        requireNoCalls(readBody(out.bytes), review, out.bytes);
    if (judged && answers == Answers::NoneBlocked)
        require(out.bytes == bytes, "an allowed body changed", out.bytes);
}

/// Texts that are changed must not break what is around them.
void checkTexts(std::string_view bytes)
{
    test::ScriptedReview review;
    review.edits = true;
    review.rewrite = [](const std::string& text) { return "[" + text + "]"; };
    test::Collected out;
    const bool isJudged = test::edit(kApi, review, bytes, out).hasValue();
    require(!isJudged || out.kept + out.lost == eventBytes(bytes), "bytes do not add up", bytes);
    if (isJudged && test::breach(kApi, test::splitEvents(bytes)).isEmpty())
        require(test::breach(kApi, test::splitEvents(out.bytes)).isEmpty(), "clients stumble", out.bytes);
}

/// New arguments, ends, and texts whose end is known late, all in one reply.
class ChangingReview final : public test::ScriptedReview
{
public:
    explicit ChangingReview(OnBlock onBlock)
        : m_onBlock(onBlock)
    {
        edits = true;
        rewrite = [](const std::string& text) { return "[" + text + "]"; };
    }
    bool watchesThinking() const override { return true; }
    std::optional<ToolAnswer> tool(const ToolCall& call) override
    {
        const auto known = ScriptedReview::tool(call);
        if (!known || call.executor != Executor::Client)
            return known;
        ToolAnswer answer;
        answer.isBlocked = call.arguments.size() % 3 == 0;
        answer.notice = answer.isBlocked ? "Blocked." : "";
        answer.onBlock = m_onBlock;
        if (call.arguments.size() % 3 == 1)
            answer.arguments = call.isFreeText ? "new text" : "{\"new\":1}";
        return answer;
    }
    bool textEnd(std::uint32_t choice, std::uint32_t block, std::string& out) override
    {
        return !isPending && ScriptedReview::textEnd(choice, block, out);
    }

private:
    OnBlock m_onBlock;
};

void checkChanges(std::string_view bytes, OnBlock onBlock)
{
    if (!test::breach(kApi, test::splitEvents(bytes)).isEmpty())
        return;
    for (const bool isLate : {false, true}) {
        ChangingReview review(onBlock);
        review.isPending = isLate;
        test::Collected out;
        const auto editor = makeStreamEditor(kApi, review);
        if (!test::feed(*editor, bytes, out))
            return;
        review.isPending = false;
        if (!editor->resume(out) || !editor->end(out))
            return;
        require(editor->heldBytes() == 0, "something is held behind the end", out.bytes);
        require(out.kept + out.lost == eventBytes(bytes), "bytes do not add up", bytes);
        const QString found = test::breach(kApi, test::splitEvents(out.bytes));
        require(found.isEmpty(), qPrintable(found), out.bytes);
    }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, kMaxBytes));
    for (const Answers answers : {Answers::AllBlocked, Answers::SomeBlocked, Answers::NoneBlocked}) {
        checkStream(bytes, answers);
        checkBody(bytes, answers);
    }
    checkLateAnswers(bytes);
    checkTexts(bytes);
    checkChanges(bytes, OnBlock::End);
    checkChanges(bytes, OnBlock::Replace);
    return 0;
}
