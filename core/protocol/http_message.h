// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace luthien::protocol {

struct Field
{
    std::string name; ///< as it came
    std::string value;
    bool operator==(const Field&) const = default;
};

/// The header fields of one message in their order. Names compare without case.
class Fields
{
public:
    void add(std::string_view name, std::string_view value);
    /// Replaces every field of that name by one.
    void set(std::string_view name, std::string_view value);
    void remove(std::string_view name);
    /// The first value, or an empty view.
    [[nodiscard]] std::string_view value(std::string_view name) const noexcept;
    [[nodiscard]] bool has(std::string_view name) const noexcept;
    [[nodiscard]] std::size_t count(std::string_view name) const noexcept;
    [[nodiscard]] const std::vector<Field>& all() const noexcept { return m_fields; }
    /// Returns how many were removed.
    template <typename Matches>
    std::size_t removeIf(Matches matches)
    {
        return std::erase_if(m_fields, matches);
    }
    void clear() noexcept { m_fields.clear(); }
    bool operator==(const Fields&) const = default;

private:
    std::vector<Field> m_fields;
};

[[nodiscard]] bool equalsIgnoringCase(std::string_view a, std::string_view b) noexcept;

/// How the end of a body is found.
enum class BodyFraming : std::uint8_t { None, Length, Chunked, UntilClose };

struct RequestHead
{
    std::string method;
    std::string target;   ///< origin-form ("/path?query"), or "*"; absolute-form is already reduced
    int minorVersion = 1; ///< of HTTP/1.x
    Fields fields;
    BodyFraming framing = BodyFraming::None;
    std::uint64_t contentLength = 0; ///< with BodyFraming::Length
    bool keepAlive = true;
    bool expectsContinue = false;
    bool isUpgrade = false; ///< asks for a WebSocket
};

struct ResponseHead
{
    unsigned status = 0;
    std::string reason;
    int minorVersion = 1;
    Fields fields;
    BodyFraming framing = BodyFraming::None;
    std::uint64_t contentLength = 0;
};

/// Why a message is refused. status is what the client is told: 400, 413, 417, 431, 501, 505; 502 for replies.
struct HttpError
{
    unsigned status = 400;
    std::string code;    ///< stable snake_case word for counters and tests, e.g. "obs_fold"
    std::string message; ///< one sentence
    bool operator==(const HttpError&) const = default;
};

enum class ReadState : std::uint8_t {
    NeedMore, ///< all input is used up; feed more
    Head,     ///< the head is complete: see head(); call again with the rest, even if it is empty
    Body,     ///< body holds some bytes of the body; call again with the rest, even if it is empty
    Done,     ///< the message is complete; what was not consumed belongs to the next one
    Failed,   ///< see error(); the connection is of no further use
};

/// One step of reading. body points into the input or into the reader and is valid until its next call.
struct ReadStep
{
    ReadState state = ReadState::NeedMore;
    std::size_t consumed = 0; ///< bytes of the input that are used up
    std::string_view body;
};

struct HttpLimits
{
    std::size_t headBytes = 32 * 1024; ///< beyond: 431
    std::size_t fieldCount = 128;      ///< beyond: 431
};

/// Reads the requests of one connection, one after the other: Beast frames, our rules refuse whatever two parsers
/// could read differently. Sans-io; takes bytes at any split. Thread: one at a time.
/// Source: RFC 9110, RFC 9112; the rules are numbered as in docs/http-rules.md.
class RequestReader
{
public:
    explicit RequestReader(HttpLimits limits);
    ~RequestReader();
    RequestReader(RequestReader&&) noexcept;
    RequestReader& operator=(RequestReader&&) noexcept;

    [[nodiscard]] ReadStep read(std::string_view input);
    /// After Done: gets ready for the next request of the connection.
    void reset();
    /// Valid from Head until reset().
    [[nodiscard]] const RequestHead& head() const noexcept;
    [[nodiscard]] const HttpError& error() const noexcept;
    /// True before the first byte of a request: the connection is idle and may be closed without loss.
    [[nodiscard]] bool isIdle() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Reads the replies on one upstream connection. 1xx replies other than 101 are read over. Sans-io.
/// Thread: one at a time.
class ResponseReader
{
public:
    explicit ResponseReader(HttpLimits limits);
    ~ResponseReader();
    ResponseReader(ResponseReader&&) noexcept;
    ResponseReader& operator=(ResponseReader&&) noexcept;

    /// Gets ready for the reply to a request with this method (a reply to HEAD has no body).
    void start(std::string_view requestMethod);
    [[nodiscard]] ReadStep read(std::string_view input);
    /// The peer closed: Done if that is how this body ends, else Failed (truncated).
    [[nodiscard]] ReadStep finish();
    [[nodiscard]] const ResponseHead& head() const noexcept;
    [[nodiscard]] const HttpError& error() const noexcept;
    /// After Done: true if the connection may carry another request.
    [[nodiscard]] bool isReusable() const noexcept;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

/// Removes the fields that belong to one connection: Connection and what it names, Keep-Alive, Proxy-*, TE, Trailer,
/// Transfer-Encoding, Upgrade, Content-Length. Framing is set anew by whoever sends. Source: RFC 9110 section 7.6.1.
void removeHopByHop(Fields& fields);

} // namespace luthien::protocol
