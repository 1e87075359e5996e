// SPDX-License-Identifier: Apache-2.0
#include "store/compression.h"

#include <zstd.h>

namespace luthien::store {

namespace {
constexpr std::size_t kMinBytes = 32;              // below, a zstd frame costs more than it saves
constexpr std::uint64_t kMaxRawBytes = 1ull << 30; // far above any request or block we write
} // namespace

void Compression::Free::operator()(ZSTD_CCtx_s* context) const noexcept
{
    ZSTD_freeCCtx(context);
}

void Compression::Free::operator()(ZSTD_DCtx_s* context) const noexcept
{
    ZSTD_freeDCtx(context);
}

Compression::Compression()
    : m_packer(ZSTD_createCCtx())
    , m_unpacker(ZSTD_createDCtx())
{
}

Compression::~Compression() = default;

Packed Compression::pack(std::string_view bytes, int level)
{
    Packed packed;
    if (bytes.size() >= kMinBytes) {
        packed.bytes.resize(ZSTD_compressBound(bytes.size()));
        const std::size_t size = ZSTD_compressCCtx(m_packer.get(), packed.bytes.data(), packed.bytes.size(),
                                                   bytes.data(), bytes.size(), level);
        if (ZSTD_isError(size) == 0 && size < bytes.size()) {
            packed.bytes.resize(size);
            packed.codec = Codec::Zstd;
            return packed;
        }
    }
    packed.bytes.assign(bytes);
    return packed;
}

Result<std::string> Compression::unpack(Codec codec, std::string bytes, std::uint64_t rawBytes)
{
    const Error damaged{ErrorCode::InvalidInput, "stored bytes are damaged", "database"};
    if (codec == Codec::Plain)
        return bytes.size() == rawBytes ? Result<std::string>(std::move(bytes)) : damaged;
    if (codec != Codec::Zstd || rawBytes > kMaxRawBytes)
        return damaged;
    std::string raw(rawBytes, '\0');
    const std::size_t size = ZSTD_decompressDCtx(m_unpacker.get(), raw.data(), raw.size(), bytes.data(), bytes.size());
    if (ZSTD_isError(size) != 0 || size != rawBytes)
        return damaged;
    return raw;
}

} // namespace luthien::store
