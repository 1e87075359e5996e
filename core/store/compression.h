// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace luthien::store {

/// How bytes are kept; the number in the codec columns.
enum class Codec : std::uint8_t { Plain = 0, Zstd = 1 };

struct Packed
{
    Codec codec = Codec::Plain;
    std::string bytes;
};

/// Compresses and restores what the tables hold. Thread: one at a time.
class Compression
{
public:
    Compression();
    ~Compression();

    /// Plain if zstd does not make it smaller.
    [[nodiscard]] Packed pack(std::string_view bytes, int level);
    /// Errors: InvalidInput if bytes are not rawBytes bytes packed with codec.
    [[nodiscard]] Result<std::string> unpack(Codec codec, std::string bytes, std::uint64_t rawBytes);

private:
    struct Free
    {
        void operator()(ZSTD_CCtx_s* context) const noexcept;
        void operator()(ZSTD_DCtx_s* context) const noexcept;
    };
    std::unique_ptr<ZSTD_CCtx_s, Free> m_packer;
    std::unique_ptr<ZSTD_DCtx_s, Free> m_unpacker;
};

} // namespace luthien::store
