// SPDX-License-Identifier: Apache-2.0
#include "desktop/reply_steps.h"

#include <utility>

namespace luthien::desktop {

using conversation::Direction;
using conversation::WireKind;

namespace {
/// The content type is not kept apart; a list shows itself by its bracket.
conversation::StreamForm formOf(conversation::Api api, std::string_view begin)
{
    const std::size_t first = begin.find_first_not_of(" \t\r\n");
    if (api == conversation::Api::Ollama)
        return conversation::StreamForm::Lines;
    const bool isList = first != std::string_view::npos && begin[first] == '[';
    return isList ? conversation::StreamForm::List : conversation::StreamForm::EventStream;
}
} // namespace

ReplySteps::ReplySteps(conversation::Api api, Take take)
    : m_api(api)
    , m_take(std::move(take))
    , m_decoder(protocol::dialectFor(api).makeDecoder())
{
}

void ReplySteps::read(const store::EventRow& event)
{
    if (!m_framer)
        m_framer.emplace(formOf(m_api, event.bytes));
    m_wire = {.call = event.call, .seq = event.seq, .at = event.at};
    std::string_view rest = event.bytes;
    while (!rest.empty()) {
        const auto step = m_framer->parse(rest);
        rest.remove_prefix(step.consumed);
        if (step.state != protocol::StreamFramer::State::Event)
            return;
        tell(step.event);
    }
}

void ReplySteps::finish()
{
    if (!m_framer)
        return;
    if (const auto last = m_framer->finish(); last.state == protocol::StreamFramer::State::Event)
        tell(last.event);
}

void ReplySteps::tell(const protocol::SseEvent& event)
{
    if (!event.hasData)
        return;
    for (const conversation::StreamEvent& meaning : m_decoder->decode(event.type, event.data))
        m_take(live::delta(m_wire, meaning));
}

bool ReplyPieces::isOne(const store::EventRow& event)
{
    if (event.kind == WireKind::Request)
        m_isHeadNext = true;
    if (event.direction != Direction::Received || event.kind == WireKind::Request || event.kind == WireKind::End)
        return false;
    // The status and headers, as our own JSON, come before the body, which may look the same.
    const bool isFirst = std::exchange(m_isHeadNext, false);
    return !isFirst || event.kind != WireKind::Head;
}

} // namespace luthien::desktop
