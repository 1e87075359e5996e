// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

struct evp_md_ctx_st;

namespace luthien {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 over bytes that come in pieces. Thread: one at a time.
class Sha256
{
public:
    Sha256();
    ~Sha256();
    Sha256(Sha256&&) noexcept;
    Sha256& operator=(Sha256&&) noexcept;

    void add(std::string_view bytes);
    /// The digest of all bytes so far; the object then starts anew.
    [[nodiscard]] Digest finish();

    [[nodiscard]] static Digest of(std::string_view bytes);

private:
    struct Free
    {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };
    std::unique_ptr<evp_md_ctx_st, Free> m_context;
};

[[nodiscard]] std::string toHex(const Digest& digest);
[[nodiscard]] inline std::string_view asBytes(const Digest& digest) noexcept
{
    return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

} // namespace luthien
