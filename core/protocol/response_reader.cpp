// SPDX-License-Identifier: Apache-2.0
#include "protocol/http_message.h"
#include "protocol/http_rules.h"
#include "protocol/message_framer.h"

#include <utility>

namespace luthien::protocol {

namespace {
constexpr unsigned kMaxInterimReplies = 32; // a server that sends 1xx for ever must not hold the call for ever
} // namespace

struct ResponseReader::State
{
    using Framer = MessageFramer<false>;

    explicit State(HttpLimits given)
        : limits(given)
        , framer(given)
    {
    }

    ReadStep read(std::string_view input);
    ReadStep readHead(std::string_view input);
    /// What a complete head leads to: Head, Failed, or NeedMore if it was an interim reply.
    ReadState finishHead();
    ReadStep finish();

    HttpLimits limits;
    Framer framer;
    Framer::BodyRule bodyRule = Framer::BodyRule::AsTheHeadSays;
    unsigned interimReplies = 0;
    bool isInBody = false;
    bool isReusable = false;
};

ReadStep ResponseReader::State::read(std::string_view input)
{
    if (!isInBody)
        return readHead(input);
    const auto step = framer.readBody(input);
    // Rule 17: bytes behind the reply belong to nobody.
    isReusable = step.state == ReadState::Done && step.consumed == input.size() && framer.keepsAlive();
    return step;
}

ReadStep ResponseReader::State::readHead(std::string_view input)
{
    auto rest = input;
    auto state = framer.hasFailed() ? ReadState::Failed : ReadState::NeedMore;
    while (state == ReadState::NeedMore) {
        const auto progress = framer.readHead(rest);
        if (progress == Framer::Progress::NeedMore)
            break;
        state = progress == Framer::Progress::Complete ? finishHead() : ReadState::Failed;
    }
    return {state, input.size() - rest.size(), {}};
}

ReadState ResponseReader::State::finishHead()
{
    const ResponseHead& head = framer.head();
    if (auto error = checkResponse(head, limits))
        framer.fail(std::move(*error));
    else if (head.status == 101)
        framer.fail({502, "upgrade_refused", "The server changed to a protocol nobody asked for."});
    else if (head.status < 200 && ++interimReplies > kMaxInterimReplies)
        framer.fail({502, "too_many_interim_replies", "The server sends interim replies without end."});
    if (framer.hasFailed())
        return ReadState::Failed;
    if (head.status < 200) {
        framer.start(bodyRule);
        return ReadState::NeedMore;
    }
    isInBody = true;
    return ReadState::Head;
}

ReadStep ResponseReader::State::finish()
{
    isReusable = false;
    if (framer.hasFailed())
        return {ReadState::Failed, 0, {}};
    if (isInBody && (framer.isDone() || framer.head().framing == BodyFraming::UntilClose))
        return {ReadState::Done, 0, {}};
    const bool isSilent = !isInBody && !framer.hasBegun() && interimReplies == 0;
    framer.fail(isSilent ? HttpError{502, "closed_before_reply", "The server closed the connection without a reply."}
                         : HttpError{502, "truncated", "The server closed the connection in the middle of a reply."});
    return {ReadState::Failed, 0, {}};
}

ResponseReader::ResponseReader(HttpLimits limits)
    : m_state(std::make_unique<State>(limits))
{
    start("GET");
}
ResponseReader::~ResponseReader() = default;
ResponseReader::ResponseReader(ResponseReader&&) noexcept = default;
ResponseReader& ResponseReader::operator=(ResponseReader&&) noexcept = default;

void ResponseReader::start(std::string_view requestMethod)
{
    using BodyRule = State::Framer::BodyRule;
    m_state->bodyRule = requestMethod == "HEAD" ? BodyRule::NoBody : BodyRule::AsTheHeadSays;
    m_state->framer.start(m_state->bodyRule);
    m_state->interimReplies = 0;
    m_state->isInBody = false;
    m_state->isReusable = false;
}

ReadStep ResponseReader::read(std::string_view input)
{
    return m_state->read(input);
}

ReadStep ResponseReader::finish()
{
    return m_state->finish();
}

const ResponseHead& ResponseReader::head() const noexcept
{
    return m_state->framer.head();
}

const HttpError& ResponseReader::error() const noexcept
{
    return m_state->framer.error();
}

bool ResponseReader::isReusable() const noexcept
{
    return m_state->isReusable;
}

} // namespace luthien::protocol
