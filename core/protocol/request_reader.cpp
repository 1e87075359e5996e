// SPDX-License-Identifier: Apache-2.0
#include "protocol/field_list.h"
#include "protocol/http_message.h"
#include "protocol/http_rules.h"
#include "protocol/message_framer.h"

#include <utility>

namespace luthien::protocol {

struct RequestReader::State
{
    explicit State(HttpLimits given)
        : limits(given)
        , framer(given)
    {
    }

    ReadStep read(std::string_view input);
    ReadStep readHead(std::string_view input);
    /// Passes over the one CRLF that old clients send behind a body. Source: RFC 9112 section 2.2.
    [[nodiscard]] bool skipLeadingCrlf(std::string_view& input);
    void finishHead();

    enum class Lead : std::uint8_t { Open, SawCr, Over };

    HttpLimits limits;
    MessageFramer<true> framer;
    Lead lead = Lead::Open;
    bool isInBody = false;
};

ReadStep RequestReader::State::read(std::string_view input)
{
    if (!isInBody)
        return readHead(input);
    const auto step = framer.readBody(input);
    if (step.state == ReadState::Done)
        framer.head().keepAlive = framer.keepsAlive();
    return step;
}

ReadStep RequestReader::State::readHead(std::string_view input)
{
    using Progress = MessageFramer<true>::Progress;
    auto rest = input;
    if (!framer.hasFailed() && !skipLeadingCrlf(rest))
        framer.fail({400, "bare_cr", "A CR without LF comes before the request."});
    const auto progress = framer.hasFailed() ? Progress::Failed : framer.readHead(rest);
    const auto consumed = input.size() - rest.size();
    if (progress == Progress::NeedMore)
        return {ReadState::NeedMore, consumed, {}};
    if (progress == Progress::Complete)
        finishHead();
    return {framer.hasFailed() ? ReadState::Failed : ReadState::Head, consumed, {}};
}

bool RequestReader::State::skipLeadingCrlf(std::string_view& input)
{
    if (lead == Lead::Open && !input.empty()) {
        lead = input.front() == '\r' ? Lead::SawCr : Lead::Over;
        input.remove_prefix(lead == Lead::SawCr ? 1 : 0);
    }
    if (lead == Lead::SawCr && !input.empty()) {
        if (input.front() != '\n')
            return false;
        lead = Lead::Over;
        input.remove_prefix(1);
    }
    return true;
}

void RequestReader::State::finishHead()
{
    RequestHead& head = framer.head();
    if (auto error = checkRequest(head, limits))
        return framer.fail(std::move(*error));
    head.target = originForm(head.method, head.target);
    head.keepAlive = framer.keepsAlive();
    // HTTP/1.0 knows neither: RFC 9110 sections 7.8 and 10.1.1.
    const bool isNewEnough = head.minorVersion >= 1;
    head.expectsContinue = isNewEnough && head.fields.has("expect") && !framer.isDone();
    // Other protocols, such as the h2c that Java's HttpClient offers with each request, may be passed over.
    head.isUpgrade =
        isNewEnough && listHas(head.fields, "upgrade", "websocket") && listHas(head.fields, "connection", "upgrade");
    isInBody = true;
}

RequestReader::RequestReader(HttpLimits limits)
    : m_state(std::make_unique<State>(limits))
{
    reset();
}
RequestReader::~RequestReader() = default;
RequestReader::RequestReader(RequestReader&&) noexcept = default;
RequestReader& RequestReader::operator=(RequestReader&&) noexcept = default;

ReadStep RequestReader::read(std::string_view input)
{
    return m_state->read(input);
}

void RequestReader::reset()
{
    m_state->framer.start(MessageFramer<true>::BodyRule::AsTheHeadSays);
    m_state->lead = State::Lead::Open;
    m_state->isInBody = false;
}

const RequestHead& RequestReader::head() const noexcept
{
    return m_state->framer.head();
}

const HttpError& RequestReader::error() const noexcept
{
    return m_state->framer.error();
}

bool RequestReader::isIdle() const noexcept
{
    return !m_state->framer.hasBegun() && !m_state->framer.hasFailed();
}

} // namespace luthien::protocol
