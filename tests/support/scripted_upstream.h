// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

struct ssl_ctx_st;

namespace luthien::test {

/// A request as the upstream got it.
struct ScriptedRequest
{
    std::string method;
    std::string target;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    int connection = 0; ///< 0 for the first accepted one, 1 for the second, ...

    /// The first value of a header, any case; empty = none.
    [[nodiscard]] std::string header(std::string_view name) const;
};

/// What the upstream answers, and how it behaves while doing so.
struct ScriptedReply
{
    enum class Framing : std::uint8_t { Length, Chunked, UntilClose };
    enum class End : std::uint8_t {
        KeepAlive, ///< complete; waits for the next request
        Close,     ///< complete; closes
        Cut,       ///< sends the pieces, then closes without saying that they are all
        Hang,      ///< sends the pieces, then nothing until the peer closes
    };

    unsigned status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::vector<std::string> pieces; ///< each leaves in a send() of its own; with Chunked, as a chunk of its own
    Framing framing = Framing::Length;
    End end = End::KeepAlive;
    std::string raw;                                    ///< if not empty: sent in place of all that, byte for byte
    std::function<void(std::size_t piece)> beforePiece; ///< runs on the connection's thread; may block
};

/// A certificate for these names, signed by itself, made on the spot.
struct TestCertificate
{
    std::string certificatePem;
    std::string keyPem;
    [[nodiscard]] static TestCertificate make(const std::vector<std::string>& dnsNames,
                                              const std::vector<std::string>& addresses = {});
};

/// An HTTP/1.1 server on 127.0.0.1 that answers by script. One thread a connection, blocking sockets: nothing clever
/// that could hide a fault of the code under test. Thread: the test's; the script runs on the connections' threads.
class ScriptedUpstream
{
public:
    using Script = std::function<ScriptedReply(const ScriptedRequest&)>;

    explicit ScriptedUpstream(Script script, std::optional<TestCertificate> tls = {});
    ~ScriptedUpstream();
    ScriptedUpstream(const ScriptedUpstream&) = delete;
    ScriptedUpstream& operator=(const ScriptedUpstream&) = delete;

    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] std::string baseUrl(std::string_view host = "127.0.0.1") const;
    [[nodiscard]] std::vector<ScriptedRequest> requests() const;
    /// Those that have come so far are not kept any longer.
    void forgetRequests();
    [[nodiscard]] int connections() const noexcept { return m_accepted.load(); }
    /// Waits until the peer has closed a connection that still owed it a reply. Empty = not before the deadline.
    [[nodiscard]] std::optional<std::chrono::steady_clock::time_point>
    waitForAbort(std::chrono::milliseconds deadline) const;

private:
    class Connection;
    void acceptLoop();

    Script m_script;
    std::shared_ptr<ssl_ctx_st> m_tls;
    int m_listener = -1;
    std::uint16_t m_port = 0;
    std::atomic<int> m_accepted{0};
    std::atomic<bool> m_stopping{false};

    mutable std::mutex m_mutex;
    mutable std::condition_variable m_changed;
    std::vector<ScriptedRequest> m_requests;
    std::optional<std::chrono::steady_clock::time_point> m_abortedAt;
    std::vector<int> m_sockets; ///< open ones, to end them in the destructor
    std::vector<std::thread> m_threads;
    std::thread m_acceptThread;
};

} // namespace luthien::test
