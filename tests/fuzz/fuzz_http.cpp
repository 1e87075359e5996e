// SPDX-License-Identifier: Apache-2.0
// Feeds bytes to both readers: whatever they are, they must read the same however they are cut, and nothing accepted
// may hold what lets two parsers disagree. Any break aborts.
#include "core/protocol/http_transcript.h"
#include "protocol/http_message.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>

using namespace luthien;
using namespace luthien::protocol;

namespace {
constexpr std::size_t kCuts = 8;
constexpr std::size_t kMaxBytes = 64 * 1024;

void require(bool holds, const char* what, const std::string& detail = {})
{
    if (holds)
        return;
    std::fprintf(stderr, "broken: %s\n%s\n", what, detail.c_str());
    std::abort();
}

std::vector<test::Pieces> splits(std::string_view bytes)
{
    std::vector<test::Pieces> all = {{}};
    for (std::size_t at = 0; at < bytes.size(); ++at)
        all.front().push_back(bytes.substr(at, 1));
    for (std::size_t cut = 1; cut <= kCuts; ++cut) {
        const auto at = bytes.size() * cut / (kCuts + 1);
        all.push_back({bytes.substr(0, at), bytes.substr(at)});
    }
    return all;
}

void checkSplits(std::string_view bytes)
{
    const auto request = test::readRequests({bytes});
    const auto reply = test::readReply("POST", {bytes}, test::Peer::Closes);
    const auto headReply = test::readReply("HEAD", {bytes}, test::Peer::StaysOpen);
    for (const auto& pieces : splits(bytes)) {
        const auto cutRequest = test::readRequests(pieces);
        require(request == cutRequest, "a request reads differently when cut", request + "---\n" + cutRequest);
        const auto cutReply = test::readReply("POST", pieces, test::Peer::Closes);
        require(reply == cutReply, "a reply reads differently when cut", reply + "---\n" + cutReply);
        require(headReply == test::readReply("HEAD", pieces, test::Peer::StaysOpen),
                "a reply to HEAD reads differently when cut", headReply);
    }
}

void checkFields(const Fields& fields, BodyFraming framing)
{
    const auto codings = fields.count("transfer-encoding");
    const auto lengths = fields.count("content-length");
    require(codings + lengths <= 1, "more than one field frames the body");
    require((framing == BodyFraming::Chunked) == (codings == 1), "framing is not what Transfer-Encoding says");
    require(framing == BodyFraming::Chunked || (framing == BodyFraming::Length) == (lengths == 1),
            "framing is not what Content-Length says");
    for (const Field& field : fields.all())
        require((field.name + field.value).find_first_of(std::string_view("\r\n\0", 3)) == std::string::npos,
                "a field holds a line end or NUL", field.name);
}

void checkRequestSteps(std::string_view bytes)
{
    RequestReader reader({});
    std::uint64_t bodyBytes = 0;
    while (true) {
        const auto step = reader.read(bytes);
        require(step.consumed <= bytes.size(), "more was used up than there was");
        require(step.state == ReadState::Body || step.body.empty(), "data without Body");
        bytes.remove_prefix(step.consumed);
        bodyBytes += step.body.size();
        if (step.state == ReadState::NeedMore)
            return require(bytes.empty(), "NeedMore leaves bytes over");
        if (step.state == ReadState::Failed)
            return require(reader.error().status >= 400 && !reader.error().code.empty(), "Failed without an error");
        const RequestHead& head = reader.head();
        if (step.state == ReadState::Head) {
            checkFields(head.fields, head.framing);
            require(head.target.starts_with('/') || head.target == "*", "a target is not in origin-form", head.target);
            require(head.fields.count("host") == 1 || head.minorVersion == 0, "no Host");
        } else if (step.state == ReadState::Done) {
            require(head.framing == BodyFraming::Chunked || bodyBytes == head.contentLength,
                    "a body of another length");
            reader.reset();
            bodyBytes = 0;
        }
    }
}
} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char*>(data), std::min(size, kMaxBytes));
    checkSplits(bytes);
    checkRequestSteps(bytes);
    return 0;
}
