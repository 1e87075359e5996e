// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

struct ZSTD_CCtx_s;
struct ZSTD_CDict_s;
struct ZSTD_DCtx_s;
struct ZSTD_DDict_s;

namespace luthien::store {

/// How bytes are kept; the number in the codec columns.
enum class Codec : std::uint8_t {
    Plain = 0,
    Zstd = 1,
    ZstdBlock = 2, ///< with resources/dictionary/blocks: part of the format, never changed once released
};

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
    /// As pack(), for the raw form of a block of events: a small one with the dictionary.
    [[nodiscard]] Packed packBlock(std::string_view raw, int level);
    /// Errors: InvalidInput if bytes are not rawBytes bytes packed with codec.
    [[nodiscard]] Result<std::string> unpack(Codec codec, std::string bytes, std::uint64_t rawBytes);

private:
    struct Free
    {
        void operator()(ZSTD_CCtx_s* context) const noexcept;
        void operator()(ZSTD_CDict_s* dictionary) const noexcept;
        void operator()(ZSTD_DCtx_s* context) const noexcept;
        void operator()(ZSTD_DDict_s* dictionary) const noexcept;
    };
    [[nodiscard]] std::size_t packInto(std::string& packed, std::string_view raw, int level);

    std::unique_ptr<ZSTD_CCtx_s, Free> m_packer;
    std::unique_ptr<ZSTD_DCtx_s, Free> m_unpacker;
    std::map<int, std::unique_ptr<ZSTD_CDict_s, Free>> m_packing; ///< by level; made when first used
    std::unique_ptr<ZSTD_DDict_s, Free> m_unpacking;
};

} // namespace luthien::store
