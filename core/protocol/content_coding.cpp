// SPDX-License-Identifier: Apache-2.0
#include "protocol/content_coding.h"

#include "protocol/field_list.h"
#include "protocol/http_message.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

namespace luthien::protocol {

namespace {
constexpr std::size_t kMinStepBytes = 4 * 1024; // pieces of a stream are small; no need to clear 64 KiB for each
constexpr std::size_t kMaxStepBytes = 64 * 1024;
constexpr std::size_t kUsualRatio = 4;
constexpr int kGzipWindow = 15 + 16;
constexpr int kZlibWindow = 15;
constexpr int kRawWindow = -15;
constexpr int kZstdWindowLog = 23; // 8 MiB, what RFC 9659 allows a sender

Error corrupt()
{
    return {ErrorCode::InvalidInput, "The body is not what its Content-Encoding says.", {}};
}

Error tooLarge()
{
    return {ErrorCode::TooLarge, "The decoded body is too large.", {}};
}

/// Output of one body: grows in steps and never beyond the bound.
class BoundedOutput
{
public:
    explicit BoundedOutput(std::uint64_t maxBytes)
        : m_left(maxBytes)
    {
    }

    /// Lets write(data, size) fill the next step and return how much it wrote. False: there was more than the bound.
    template <typename Write>
    bool grow(std::string& output, std::size_t inputBytes, Write write)
    {
        const auto before = output.size();
        const auto step = std::clamp(inputBytes * kUsualRatio, kMinStepBytes, kMaxStepBytes);
        // One byte more than allowed, so that a body of exactly the bound is told from a longer one.
        const auto room = static_cast<std::size_t>(std::min<std::uint64_t>(step, m_left)) + 1;
        output.resize(before + room);
        const std::size_t written = write(output.data() + before, room);
        output.resize(before + std::min<std::uint64_t>(written, m_left));
        if (written > m_left)
            return false;
        m_left -= written;
        return true;
    }

private:
    std::uint64_t m_left;
};

struct FreeZstd
{
    void operator()(ZSTD_DStream* stream) const noexcept { ZSTD_freeDStream(stream); }
};
} // namespace

struct ContentDecoder::State
{
    State(ContentCoding given, std::uint64_t maxBytes)
        : coding(given)
        , output(maxBytes)
    {
    }
    ~State()
    {
        if (isInflating)
            inflateEnd(&inflater);
    }
    State(const State&) = delete;
    State& operator=(const State&) = delete;

    Result<void> copy(std::string_view input, std::string& to);
    Result<void> inflateAll(std::string_view input, std::string& to);
    bool startInflating(char first);
    Result<void> decompressZstd(std::string_view input, std::string& to);

    ContentCoding coding;
    BoundedOutput output;
    z_stream inflater{};
    bool isInflating = false;
    std::unique_ptr<ZSTD_DStream, FreeZstd> zstd;
    bool isInside = false; ///< of a gzip member, zlib stream or zstd frame
    bool isOver = false;   ///< nothing may follow
    Result<void> failure;
};

std::optional<ContentCoding> contentCodingFromName(std::string_view value) noexcept
{
    const auto name = trimSpace(value);
    if (name.empty() || equalsIgnoringCase(name, "identity"))
        return ContentCoding::Identity;
    if (equalsIgnoringCase(name, "gzip") || equalsIgnoringCase(name, "x-gzip"))
        return ContentCoding::Gzip;
    if (equalsIgnoringCase(name, "deflate"))
        return ContentCoding::Deflate;
    if (equalsIgnoringCase(name, "zstd"))
        return ContentCoding::Zstd;
    return {};
}

ContentDecoder::ContentDecoder(ContentCoding coding, std::uint64_t maxBytes)
    : m_state(std::make_unique<State>(coding, maxBytes))
{
}
ContentDecoder::~ContentDecoder() = default;
ContentDecoder::ContentDecoder(ContentDecoder&&) noexcept = default;
ContentDecoder& ContentDecoder::operator=(ContentDecoder&&) noexcept = default;

Result<void> ContentDecoder::decode(std::string_view input, std::string& output)
{
    if (!m_state->failure || input.empty())
        return m_state->failure;
    switch (m_state->coding) {
    case ContentCoding::Identity:
        m_state->failure = m_state->copy(input, output);
        break;
    case ContentCoding::Gzip:
    case ContentCoding::Deflate:
        m_state->failure = m_state->inflateAll(input, output);
        break;
    case ContentCoding::Zstd:
        m_state->failure = m_state->decompressZstd(input, output);
        break;
    }
    return m_state->failure;
}

Result<void> ContentDecoder::finish() const
{
    if (!m_state->failure)
        return m_state->failure;
    if (m_state->isInside)
        return Error{ErrorCode::InvalidInput, "The compressed body stops in the middle.", {}};
    return {};
}

Result<void> ContentDecoder::State::copy(std::string_view input, std::string& to)
{
    while (!input.empty()) {
        const bool fits = output.grow(to, input.size(), [&](char* data, std::size_t room) {
            const auto size = std::min(room, input.size());
            input.copy(data, size);
            input.remove_prefix(size);
            return size;
        });
        if (!fits)
            return tooLarge();
    }
    return {};
}

bool ContentDecoder::State::startInflating(char first)
{
    // "deflate" means the zlib format, yet some senders leave its header out; a zlib header's low half byte is 8, and
    // no raw stream of a sane encoder begins so.
    const bool isRaw = (static_cast<unsigned char>(first) & 0x0f) != Z_DEFLATED;
    const int window = coding == ContentCoding::Gzip ? kGzipWindow : isRaw ? kRawWindow : kZlibWindow;
    isInflating = inflateInit2(&inflater, window) == Z_OK;
    return isInflating;
}

Result<void> ContentDecoder::State::inflateAll(std::string_view input, std::string& to)
{
    if (!isInflating && !startInflating(input.front()))
        return Error{ErrorCode::Internal, "The decompressor could not be started.", {}};
    bool isOutputFull = false;
    while (!input.empty() || isOutputFull) {
        if (isOver || (!isInside && inflateReset(&inflater) != Z_OK))
            return corrupt();
        isInside = true;
        const auto taken = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
        inflater.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data())); // zlib only reads it
        inflater.avail_in = static_cast<uInt>(taken);
        int status = Z_OK;
        const bool fits = output.grow(to, input.size(), [&](char* data, std::size_t room) {
            inflater.next_out = reinterpret_cast<Bytef*>(data);
            inflater.avail_out = static_cast<uInt>(room);
            status = inflate(&inflater, Z_NO_FLUSH);
            return room - inflater.avail_out;
        });
        input.remove_prefix(taken - inflater.avail_in);
        if (!fits)
            return tooLarge();
        if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
            return corrupt();
        isOutputFull = status != Z_STREAM_END && inflater.avail_out == 0;
        isInside = status != Z_STREAM_END;
        isOver = status == Z_STREAM_END && coding == ContentCoding::Deflate; // only gzip has members
    }
    return {};
}

Result<void> ContentDecoder::State::decompressZstd(std::string_view input, std::string& to)
{
    if (!zstd) {
        zstd.reset(ZSTD_createDStream());
        if (!zstd || ZSTD_isError(ZSTD_DCtx_setParameter(zstd.get(), ZSTD_d_windowLogMax, kZstdWindowLog)))
            return Error{ErrorCode::Internal, "The decompressor could not be started.", {}};
    }
    ZSTD_inBuffer in{input.data(), input.size(), 0};
    bool isOutputFull = false;
    while (in.pos < in.size || isOutputFull) {
        std::size_t status = 0;
        const bool fits = output.grow(to, input.size(), [&](char* data, std::size_t room) {
            ZSTD_outBuffer out{data, room, 0};
            status = ZSTD_decompressStream(zstd.get(), &out, &in);
            isOutputFull = out.pos == room;
            return out.pos;
        });
        if (ZSTD_isError(status))
            return corrupt();
        if (!fits)
            return tooLarge();
        isInside = status != 0;
        isOutputFull = isOutputFull && isInside;
    }
    return {};
}

} // namespace luthien::protocol
