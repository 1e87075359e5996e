// SPDX-License-Identifier: Apache-2.0
#pragma once

// Only the readers include this: it brings Beast in.
#include "protocol/http_message.h"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/basic_parser.hpp>
#include <boost/beast/http/error.hpp>

#include <cstdint>
#include <limits>
#include <string_view>
#include <type_traits>

namespace luthien::protocol {

namespace beast_http = boost::beast::http;

template <bool isRequest>
using HeadOf = std::conditional_t<isRequest, RequestHead, ResponseHead>;

/// Beast's parser with its callbacks: fills a head and shows the latest piece of the body. Good for one message.
/// We subclass basic_parser because the stock parsers merge trailers into the head and throw.
template <bool isRequest>
class BeastParser final : public beast_http::basic_parser<isRequest>
{
public:
    BeastParser(HeadOf<isRequest>& head, std::size_t headBytes)
        : m_head(head)
    {
        this->header_limit(static_cast<std::uint32_t>(headBytes + 1)); // our scan refuses first
        this->body_limit(boost::none);                                 // bodies are bounded by who keeps them
    }

    /// Takes one whole structure (head, chunk line) or body data; returns how much of it was used up.
    [[nodiscard]] std::size_t put(std::string_view bytes, boost::beast::error_code& failure)
    {
        m_body = {};
        return Base::put(boost::asio::const_buffer(bytes.data(), bytes.size()), failure);
    }
    [[nodiscard]] std::string_view body() const noexcept { return m_body; }
    /// Bytes of the current chunk that are still to come.
    [[nodiscard]] std::uint64_t chunkBytesLeft() const noexcept { return m_chunkBytesLeft; }

private:
    using Base = beast_http::basic_parser<isRequest>;
    using Text = boost::beast::string_view;
    using Failure = boost::beast::error_code;

    static std::string_view view(Text text) noexcept { return {text.data(), text.size()}; }

    void on_request_impl(beast_http::verb, Text method, Text target, int version, Failure&) override
    {
        if constexpr (isRequest) {
            m_head.method = view(method);
            m_head.target = view(target);
            m_head.minorVersion = version % 10;
        }
    }
    void on_response_impl(int status, Text reason, int version, Failure&) override
    {
        if constexpr (!isRequest) {
            m_head.status = static_cast<unsigned>(status);
            m_head.reason = view(reason);
            m_head.minorVersion = version % 10;
        }
    }
    void on_field_impl(beast_http::field, Text name, Text value, Failure&) override
    {
        if (!m_isHeadOver) // rule 15: what comes later is a trailer, and trailers are dropped
            m_head.fields.add(view(name), view(value));
    }
    void on_header_impl(Failure&) override { m_isHeadOver = true; }
    void on_body_init_impl(const boost::optional<std::uint64_t>&, Failure&) override {}
    std::size_t on_body_impl(Text body, Failure&) override
    {
        m_body = view(body);
        return body.size();
    }
    void on_chunk_header_impl(std::uint64_t size, Text, Failure& failure) override
    {
        m_chunkBytesLeft = size;
        if (size > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max()))
            failure = beast_http::error::bad_chunk;
    }
    std::size_t on_chunk_body_impl(std::uint64_t, Text body, Failure&) override
    {
        m_body = view(body);
        m_chunkBytesLeft -= body.size();
        return body.size();
    }
    void on_finish_impl(Failure&) override {}

    HeadOf<isRequest>& m_head;
    std::string_view m_body;
    std::uint64_t m_chunkBytesLeft = 0;
    bool m_isHeadOver = false;
};

} // namespace luthien::protocol
