// SPDX-License-Identifier: Apache-2.0
#include "http_transcript.h"

#include <algorithm>
#include <utility>

namespace luthien::test {

using namespace protocol;

namespace {
constexpr std::size_t kMaxCuts = 512;

std::string framingText(BodyFraming framing, std::uint64_t length)
{
    switch (framing) {
    case BodyFraming::None:
        return "none";
    case BodyFraming::Length:
        return "length=" + std::to_string(length);
    case BodyFraming::Chunked:
        return "chunked";
    case BodyFraming::UntilClose:
        return "close";
    }
    return "?";
}

std::string headText(const RequestHead& head)
{
    std::string text = "HEAD " + head.method + ' ' + head.target + " 1." + std::to_string(head.minorVersion) + ' ' +
                       framingText(head.framing, head.contentLength) + (head.keepAlive ? " keep" : " close");
    text += head.expectsContinue ? " continue" : "";
    text += head.isUpgrade ? " upgrade" : "";
    return text + '\n';
}

std::string headText(const ResponseHead& head)
{
    return "HEAD " + std::to_string(head.status) + " 1." + std::to_string(head.minorVersion) + ' ' +
           framingText(head.framing, head.contentLength) + '\n';
}

std::string errorText(const HttpError& error)
{
    return "FAILED " + std::to_string(error.status) + ' ' + error.code + '\n';
}

/// Collects the pieces of a body into one line.
class Transcript
{
public:
    void body(std::string_view bytes) { m_body.append(bytes); }
    void line(const std::string& text)
    {
        if (!m_body.empty())
            m_text += "BODY " + std::exchange(m_body, {}) + '\n';
        m_text += text;
    }
    [[nodiscard]] std::string finish()
    {
        line({});
        return m_text;
    }

private:
    std::string m_text;
    std::string m_body;
};

/// One step. False: nothing more comes out of these bytes.
bool takeStep(RequestReader& reader, std::string_view& input, Transcript& transcript)
{
    const auto step = reader.read(input);
    input.remove_prefix(step.consumed);
    switch (step.state) {
    case ReadState::NeedMore:
        return false;
    case ReadState::Head:
        transcript.line(headText(reader.head()));
        return true;
    case ReadState::Body:
        transcript.body(step.body);
        return true;
    case ReadState::Done:
        transcript.line(reader.head().keepAlive ? "DONE keep\n" : "DONE close\n");
        reader.reset();
        return true;
    case ReadState::Failed:
        transcript.line(errorText(reader.error()));
        return false;
    }
    return false;
}
} // namespace

std::string readRequests(const Pieces& pieces, HttpLimits limits)
{
    RequestReader reader(limits);
    Transcript transcript;
    for (auto piece : pieces) {
        while (takeStep(reader, piece, transcript)) {
        }
        if (!reader.error().code.empty())
            break;
    }
    return transcript.finish();
}

std::string readReply(std::string_view method, const Pieces& pieces, Peer peer)
{
    ResponseReader reader(HttpLimits{});
    reader.start(method);
    Transcript transcript;
    bool isOver = false;
    for (auto piece : pieces) {
        auto state = ReadState::Head;
        while (state == ReadState::Head || state == ReadState::Body) {
            const auto step = reader.read(piece);
            state = step.state;
            piece.remove_prefix(step.consumed);
            transcript.body(step.body);
            if (state == ReadState::Head)
                transcript.line(headText(reader.head()));
        }
        if (state == ReadState::Failed && !std::exchange(isOver, true))
            transcript.line(errorText(reader.error()));
        isOver = isOver || state == ReadState::Done;
    }
    if (peer == Peer::Closes && !isOver)
        isOver = reader.finish().state == ReadState::Done;
    if (peer == Peer::Closes && !isOver)
        transcript.line(errorText(reader.error()));
    if (isOver && reader.error().code.empty())
        transcript.line(reader.isReusable() ? "DONE reusable\n" : "DONE used up\n");
    return transcript.finish();
}

std::vector<Pieces> everySplit(std::string_view bytes)
{
    std::vector<Pieces> splits = {{bytes}, {}};
    for (std::size_t at = 0; at < bytes.size(); ++at)
        splits[1].push_back(bytes.substr(at, 1));
    const std::size_t stride = std::max<std::size_t>(1, bytes.size() / kMaxCuts);
    for (std::size_t at = 1; at < bytes.size(); at += stride)
        splits.push_back({bytes.substr(0, at), bytes.substr(at)});
    return splits;
}

} // namespace luthien::test
