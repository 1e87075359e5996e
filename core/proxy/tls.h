// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "base/result.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

struct ssl_st;
struct ssl_ctx_st;

namespace luthien::proxy {

enum class IoState : std::uint8_t { Done, WantRead, WantWrite, Closed, Failed };

struct IoResult
{
    IoState state = IoState::Failed;
    std::size_t bytes = 0; ///< with Done
};

/// What all TLS connections share: TLS 1.2 or newer, the system's roots, HTTP/1.1. Thread: any, once made.
class TlsContext
{
public:
    /// caFile = PEM with further roots; empty = none. Errors: InvalidArgument.
    [[nodiscard]] static Result<std::shared_ptr<const TlsContext>> make(const std::string& caFile);
    [[nodiscard]] ssl_ctx_st* handle() const noexcept { return m_context.get(); }

private:
    struct Free
    {
        void operator()(ssl_ctx_st* context) const noexcept;
    };
    explicit TlsContext(ssl_ctx_st* context)
        : m_context(context)
    {
    }
    std::unique_ptr<ssl_ctx_st, Free> m_context;
};

/// The TLS side of one connected, non-blocking socket. OpenSSL reads and writes the descriptor itself: that needs a
/// third of the memory of asio::ssl::stream (docs/decisions/0005-openssl-on-the-socket.md). Thread: one at a time.
class TlsSession
{
public:
    /// The peer must prove to be host, a name or an address.
    TlsSession(const TlsContext& context, int descriptor, const std::string& host);

    [[nodiscard]] IoResult handshake();
    [[nodiscard]] IoResult read(std::span<char> into);
    [[nodiscard]] IoResult write(std::string_view bytes);
    /// True if bytes are decrypted and unread: the socket will not say so.
    [[nodiscard]] bool hasPending() const;
    /// Why the handshake failed, one sentence without data of the peer's beyond its certificate check.
    [[nodiscard]] std::string failure() const;

private:
    struct Free
    {
        void operator()(ssl_st* session) const noexcept;
    };
    [[nodiscard]] IoResult resultOf(int returned) const;
    std::unique_ptr<ssl_st, Free> m_session;
};

} // namespace luthien::proxy
