// SPDX-License-Identifier: Apache-2.0
#include "script/frame.h"

#include <array>
#include <cstring>

namespace luthien::script {

namespace {
constexpr std::uint32_t kMagic = 0x4c53'4831; // "LSH1"

struct Header
{
    std::uint32_t magic = kMagic;
    std::uint32_t kind = 0;
    std::uint64_t job = 0;
    std::uint64_t bodyBytes = 0;
};
static_assert(sizeof(Header) == 24, "no gaps: every byte of it is written");

bool isKind(std::uint32_t kind)
{
    return kind >= static_cast<std::uint32_t>(FrameKind::Ready) &&
           kind <= static_cast<std::uint32_t>(FrameKind::Failed);
}
} // namespace

void appendFrame(std::string& out, FrameKind kind, std::uint64_t job, std::string_view body)
{
    const Header header{.kind = static_cast<std::uint32_t>(kind), .job = job, .bodyBytes = body.size()};
    std::array<char, sizeof header> bytes{};
    std::memcpy(bytes.data(), &header, sizeof header);
    out.append(bytes.data(), bytes.size()).append(body);
}

Result<std::optional<Frame>> FrameReader::next()
{
    Header header;
    if (m_bytes.size() < sizeof header)
        return std::optional<Frame>();
    std::memcpy(&header, m_bytes.data(), sizeof header);
    if (header.magic != kMagic || !isKind(header.kind))
        return Error{ErrorCode::InvalidInput, "These bytes are no frame.", {}};
    if (header.bodyBytes > m_maxBodyBytes)
        return Error{ErrorCode::TooLarge, "A frame is longer than allowed.", {}};
    const auto bodyBytes = static_cast<std::size_t>(header.bodyBytes);
    if (m_bytes.size() - sizeof header < bodyBytes)
        return std::optional<Frame>();
    Frame frame{static_cast<FrameKind>(header.kind), header.job, m_bytes.substr(sizeof header, bodyBytes)};
    m_bytes.erase(0, sizeof header + bodyBytes);
    return std::optional(std::move(frame));
}

} // namespace luthien::script
