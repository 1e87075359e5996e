// SPDX-License-Identifier: Apache-2.0
#include "proxy/tls.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <limits>

namespace luthien::proxy {

namespace {
bool isAddress(const std::string& host)
{
    in6_addr address{};
    return inet_pton(AF_INET, host.c_str(), &address) == 1 || inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

int bounded(std::size_t size)
{
    return static_cast<int>(std::min<std::size_t>(size, std::numeric_limits<int>::max()));
}
} // namespace

void TlsContext::Free::operator()(ssl_ctx_st* context) const noexcept
{
    SSL_CTX_free(context);
}

void TlsSession::Free::operator()(ssl_st* session) const noexcept
{
    SSL_free(session);
}

Result<std::shared_ptr<const TlsContext>> TlsContext::make(const std::string& caFile)
{
    std::shared_ptr<const TlsContext> made(new TlsContext(SSL_CTX_new(TLS_client_method())));
    ssl_ctx_st* context = made->handle();
    if (!context)
        return Error{ErrorCode::Internal, "OpenSSL gave no TLS context.", {}};
    SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    // Partial and moved writes fit our queue; idle connections give their 34 KiB of buffers back.
    SSL_CTX_set_mode(context,
                     SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
    static constexpr unsigned char kHttp11[] = "\x08http/1.1";
    SSL_CTX_set_alpn_protos(context, kHttp11, sizeof kHttp11 - 1);
    SSL_CTX_set_default_verify_paths(context);
    if (!caFile.empty() && SSL_CTX_load_verify_file(context, caFile.c_str()) != 1) {
        ERR_clear_error();
        return Error{ErrorCode::InvalidArgument, "The CA file cannot be read as PEM certificates.", caFile};
    }
    return made;
}

TlsSession::TlsSession(const TlsContext& context, int descriptor, const std::string& host)
    : m_session(SSL_new(context.handle()))
{
    ssl_st* session = m_session.get();
    SSL_set_fd(session, descriptor);
    SSL_set_connect_state(session);
    X509_VERIFY_PARAM* verify = SSL_get0_param(session);
    if (isAddress(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(verify, host.c_str());
        return;
    }
    X509_VERIFY_PARAM_set_hostflags(verify, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(verify, host.c_str(), host.size());
    SSL_set_tlsext_host_name(session, host.c_str());
}

IoResult TlsSession::handshake()
{
    ERR_clear_error();
    return resultOf(SSL_do_handshake(m_session.get()));
}

IoResult TlsSession::read(std::span<char> into)
{
    ERR_clear_error();
    return resultOf(SSL_read(m_session.get(), into.data(), bounded(into.size())));
}

IoResult TlsSession::write(std::string_view bytes)
{
    ERR_clear_error();
    return resultOf(SSL_write(m_session.get(), bytes.data(), bounded(bytes.size())));
}

IoResult TlsSession::resultOf(int returned) const
{
    if (returned > 0)
        return {IoState::Done, static_cast<std::size_t>(returned)};
    switch (SSL_get_error(m_session.get(), returned)) {
    case SSL_ERROR_WANT_READ:
        return {IoState::WantRead};
    case SSL_ERROR_WANT_WRITE:
        return {IoState::WantWrite};
    case SSL_ERROR_ZERO_RETURN:
        return {IoState::Closed};
    default:
        return {IoState::Failed};
    }
}

bool TlsSession::hasPending() const
{
    return SSL_has_pending(m_session.get()) == 1;
}

std::string TlsSession::failure() const
{
    const long verdict = SSL_get_verify_result(m_session.get());
    if (verdict != X509_V_OK)
        return std::string("The upstream's certificate was refused: ") + X509_verify_cert_error_string(verdict) + '.';
    return "The TLS handshake with the upstream failed.";
}

} // namespace luthien::proxy
