// SPDX-License-Identifier: Apache-2.0
// Feeds replies to the editor of Gemini's and Ollama's chunks, as event streams, lines, lists and whole bodies.
// Whatever they are: of what a review blocks no call leaves, bytes are neither invented nor lost, what is allowed
// leaves as it came, and late answers end as early ones do. Any break aborts.
#include "conversation/response.h"
#include "core/protocol/editing.h"
#include "protocol/chunk_editor.h"
#include "protocol/dialect.h"
#include "protocol/stream_framer.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace luthien;
using namespace luthien::conversation;
using namespace luthien::protocol;

namespace {
constexpr std::size_t kMaxBytes = 256 * 1024;
using Form = std::optional<StreamForm>;

void require(bool holds, const char* what, std::string_view detail)
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n%.*s\n", what, static_cast<int>(detail.size()), detail.data());
    std::abort();
}

/// Calls take(event, bytes) for each event; of a body for all of it. Returns how many bytes the events have.
template <typename Take>
std::size_t forEachEvent(Form form, std::string_view stream, Take&& take)
{
    if (!form)
        return take(SseEvent{.data = stream, .hasData = true}, stream) ? stream.size() : 0;
    StreamFramer framer(*form);
    std::string open;
    std::size_t all = 0;
    while (!stream.empty()) {
        const auto step = framer.parse(stream);
        open += stream.substr(0, step.consumed);
        stream.remove_prefix(step.consumed);
        if (step.state == StreamFramer::State::TooLarge)
            break;
        if (step.state != StreamFramer::State::Event)
            continue;
        if (!take(step.event, open))
            break;
        all += open.size();
        open.clear();
    }
    return all;
}

bool hasClientCall(Api api, Form form, std::string_view reply)
{
    ResponseAssembler assembler;
    std::unique_ptr<StreamDecoder> decoder = dialectFor(api).makeDecoder();
    if (!form) {
        std::vector<StreamEvent> events;
        decoder = dialectFor(api).decodeBody(reply, events);
        for (const StreamEvent& event : events)
            assembler.apply(event);
    } else {
        (void)forEachEvent(form, reply, [&](const SseEvent& event, std::string_view) {
            for (const StreamEvent& meaning : decoder->decode(event.type, event.data))
                assembler.apply(meaning);
            return true;
        });
    }
    for (const Block& block : assembler.response().blocks) {
        if (block.kind == BlockKind::ToolUse && block.executor == Executor::Client)
            return true;
    }
    return false;
}

/// What left, if the reply could be judged to its end.
std::optional<std::string> edited(Api api, Form form, test::ScriptedReview& review, std::string_view reply)
{
    test::Collected out;
    const auto editor = makeChunkEditor(api, review, form);
    bool isJudged = true;
    const std::size_t received = forEachEvent(form, reply, [&](const SseEvent& event, std::string_view bytes) {
        const ReplyEvent given{.type = event.type, .data = event.data, .bytes = bytes, .hasData = event.hasData};
        isJudged = editor->event(given, out).hasValue();
        return isJudged;
    });
    if (review.isPending) {
        require(!hasClientCall(api, form, out.bytes), "a held call left", out.bytes);
        review.isPending = false;
        isJudged = isJudged && editor->resume(out);
    }
    isJudged = isJudged && editor->end(out);
    if (review.blocks)
        require(!hasClientCall(api, form, out.bytes), "a blocked call left", out.bytes);
    if (!isJudged)
        return std::nullopt;
    require(out.kept + out.lost == received, "bytes do not add up", reply);
    require(!editor->isHolding() && editor->heldBytes() == 0, "something is held behind the end", reply);
    if (!review.blocks)
        require(form == StreamForm::EventStream || out.bytes == reply.substr(0, received), "what was allowed changed",
                out.bytes);
    return out.bytes;
}

void check(Api api, Form form, std::string_view reply)
{
    test::ScriptedReview allowing;
    (void)edited(api, form, allowing, reply);
    const auto all = [](std::size_t) { return true; };
    test::ScriptedReview early;
    early.blocks = all;
    test::ScriptedReview late;
    late.blocks = all;
    late.isPending = true;
    const auto atOnce = edited(api, form, early, reply);
    const auto afterwards = edited(api, form, late, reply);
    // What still waits when a reply fails is lost.
    const bool hasError = reply.find("error") != std::string_view::npos || reply.find("\\u") != std::string_view::npos;
    if (atOnce && afterwards && !hasError)
        require(*atOnce == *afterwards, "late answers end differently", *atOnce + "\n---\n" + *afterwards);
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (size > kMaxBytes)
        return 0;
    for (const Form form : {Form(StreamForm::EventStream), Form(StreamForm::Lines), Form(StreamForm::List), Form()}) {
        check(Api::Gemini, form, bytes);
        check(Api::Ollama, form, bytes);
    }
    return 0;
}
