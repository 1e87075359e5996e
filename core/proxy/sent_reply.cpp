// SPDX-License-Identifier: Apache-2.0
#include "proxy/sent_reply.h"

#include <vector>

namespace luthien::proxy {

using conversation::kMaxUnderstoodBytes;
using conversation::StreamEvent;

SentReply::SentReply(CallRecorder& recorder, const protocol::Dialect& dialect)
    : m_recorder(recorder)
    , m_dialect(dialect)
{
}

void SentReply::events(std::string_view bytes, Source source)
{
    using State = protocol::StreamFramer::State;
    static constexpr StreamEvent kComment{.kind = conversation::EventKind::Keepalive};
    if (!m_decoder)
        m_decoder = m_dialect.makeDecoder();
    while (!bytes.empty()) {
        auto step = m_framer.parse(bytes);
        const std::string_view taken = bytes.substr(0, step.consumed);
        bytes.remove_prefix(step.consumed);
        // Whole events come here: no LF follows a CR at their end.
        if (bytes.empty() && step.state == State::NeedMore && m_framer.form() == conversation::StreamForm::EventStream)
            step = m_framer.finish();
        if (step.state != State::Event) {
            take(taken.empty() ? bytes : taken, source, {});
            return;
        }
        const auto meaning = step.event.hasData ? m_decoder->decode(step.event.type, step.event.data)
                                                : std::span<const StreamEvent>(&kComment, step.event.isComment ? 1 : 0);
        take(taken, source, meaning);
    }
}

void SentReply::whole(std::string_view body, Source source)
{
    std::vector<StreamEvent> meaning;
    m_decoder = m_dialect.decodeBody(body, meaning);
    take(body, source, meaning);
}

void SentReply::take(std::string_view bytes, Source source, std::span<const StreamEvent> meaning)
{
    if (source == Source::Proxy)
        m_recorder.sent(conversation::wireKindOf(meaning), bytes, meaning);
    for (const StreamEvent& event : meaning) {
        if (m_assembler.heldBytes() < kMaxUnderstoodBytes)
            m_assembler.apply(event);
    }
}

std::string_view SentReply::keepalive() const noexcept
{
    return m_framer.form() == conversation::StreamForm::EventStream ? m_dialect.keepalive() : protocol::kJsonKeepalive;
}

std::string SentReply::errorEnding(const protocol::HttpError& error) const
{
    return m_framer.errorEnding(m_dialect, error.status, error.code, error.message);
}

const conversation::Response* SentReply::response() const noexcept
{
    return m_assembler.heldBytes() < kMaxUnderstoodBytes ? &m_assembler.response() : nullptr;
}

} // namespace luthien::proxy
