// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace luthien::test {

/// A blocking TCP client that sees bytes, not messages.
class RawClient
{
public:
    /// receiveBufferBytes 0 = the system's default.
    explicit RawClient(std::uint16_t port, int receiveBufferBytes = 0);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    void send(std::string_view bytes) const;
    /// Reads until the input holds text, or the peer closes, or the deadline. Returns all read so far and not taken.
    [[nodiscard]] std::string readUntil(std::string_view text,
                                        std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// One whole reply with its body: Content-Length, chunked (decoded) or until close; the rest stays for the next
    /// call.
    struct Reply
    {
        int status = 0;
        std::string head;
        std::string body;
        bool complete = false; ///< the framing's end was seen
        [[nodiscard]] std::string header(std::string_view name) const;
    };
    [[nodiscard]] Reply readReply(bool isHead = false, std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// True if the peer has closed and nothing is left to read.
    [[nodiscard]] bool isClosedByPeer(std::chrono::milliseconds deadline = std::chrono::seconds(10));
    /// Closes without waiting, with a reset if bytes are unread.
    void close();

private:
    bool readMore(std::chrono::steady_clock::time_point until);
    [[nodiscard]] bool takeChunked(std::string& body, std::chrono::steady_clock::time_point until);

    int m_descriptor;
    std::string m_input;
    bool m_closed = false;
};

} // namespace luthien::test
