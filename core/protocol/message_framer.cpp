// SPDX-License-Identifier: Apache-2.0
#include "protocol/message_framer.h"

#include "protocol/field_list.h"

#include <utility>

namespace luthien::protocol {

namespace {
HttpError scanError(HeadFault fault)
{
    switch (fault) {
    case HeadFault::NulByte:
        return {400, "nul_byte", "The head holds a NUL byte."};
    case HeadFault::BareLf:
        return {400, "bare_lf", "A line of the head ends in LF without CR."};
    case HeadFault::BareCr:
        return {400, "bare_cr", "The head holds a CR without LF."};
    case HeadFault::ObsFold:
        return {400, "obs_fold", "A field of the head goes on in the next line."};
    case HeadFault::TooLarge:
        return {431, "head_too_large", "The head is too large."};
    case HeadFault::None:
        break;
    }
    return {400, "bad_head", "The head cannot be read."};
}

/// True if a request line ends in a well-formed version that is not one of ours.
bool namesOtherVersion(std::string_view head)
{
    constexpr std::string_view kPattern = " HTTP/d.d";
    const auto line = head.substr(0, head.find('\r'));
    if (line.size() < kPattern.size())
        return false;
    const auto version = line.substr(line.size() - kPattern.size());
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    return version.starts_with(" HTTP/") && isDigit(version[6]) && version[7] == '.' && isDigit(version[8]);
}

HttpError parseError(boost::beast::error_code failure, std::string_view head)
{
    using beast_http::error;
    if (failure == error::bad_version && namesOtherVersion(head))
        return {505, "unsupported_version", "Only HTTP/1.0 and HTTP/1.1 are spoken here."};
    if (failure == error::bad_method)
        return {400, "bad_method", "The method is not a token."};
    if (failure == error::bad_target)
        return {400, "bad_target", "The request target cannot be read."};
    if (failure == error::bad_version)
        return {400, "bad_version", "The start line does not name a version of HTTP."};
    if (failure == error::bad_status || failure == error::bad_reason)
        return {400, "bad_status", "The status line cannot be read."};
    if (failure == error::bad_content_length || failure == error::multiple_content_length)
        return {400, "bad_content_length", "Content-Length contradicts itself or Transfer-Encoding."};
    if (failure == error::bad_transfer_encoding)
        return {400, "bad_transfer_encoding", "Transfer-Encoding contradicts another field."};
    return {400, "bad_field", "A field of the head cannot be read."};
}
} // namespace

template <bool isRequest>
void MessageFramer<isRequest>::start(BodyRule bodyRule)
{
    m_headScan = HeadScan(m_limits.headBytes);
    m_chunkScan = ChunkScan();
    m_parser.reset();
    m_bodyRule = bodyRule;
    m_head = Head();
    m_pending.clear();
    m_error = {};
    m_hasFailed = false;
}

template <bool isRequest>
typename MessageFramer<isRequest>::Progress MessageFramer<isRequest>::readHead(std::string_view& input)
{
    const auto step = m_headScan.scan(input);
    const auto piece = input.substr(0, step.consumed);
    input.remove_prefix(step.consumed);
    if (step.state == ScanState::Complete)
        return parseHead(joined(piece));
    if (step.state == ScanState::Failed) {
        fail(scanError(m_headScan.fault()));
        return Progress::Failed;
    }
    m_pending.append(piece);
    return Progress::NeedMore;
}

template <bool isRequest>
typename MessageFramer<isRequest>::Progress MessageFramer<isRequest>::parseHead(std::string_view bytes)
{
    m_parser.emplace(m_head, m_limits.headBytes);
    m_parser->skip(m_bodyRule == BodyRule::NoBody);
    boost::beast::error_code failure;
    const auto consumed = m_parser->put(bytes, failure);
    if (failure || consumed != bytes.size() || !m_parser->is_header_done()) {
        fail(parseError(failure, bytes));
        return Progress::Failed;
    }
    m_pending.clear();
    noteFraming();
    return Progress::Complete;
}

template <bool isRequest>
bool MessageFramer<isRequest>::mayHaveBody() const noexcept
{
    if constexpr (!isRequest)
        if (m_head.status < 200 || m_head.status == 204 || m_head.status == 304)
            return false;
    return m_bodyRule == BodyRule::AsTheHeadSays;
}

template <bool isRequest>
void MessageFramer<isRequest>::noteFraming()
{
    const auto length = m_parser->content_length();
    if (!m_parser->is_done())
        m_head.framing = m_parser->chunked() ? BodyFraming::Chunked
                         : length            ? BodyFraming::Length
                                             : BodyFraming::UntilClose;
    else if (length && mayHaveBody())
        m_head.framing = BodyFraming::Length; // an announced empty body is passed on as such
    if (m_head.framing == BodyFraming::Length)
        m_head.contentLength = *length;
}

template <bool isRequest>
ReadStep MessageFramer<isRequest>::readBody(std::string_view input)
{
    m_body = {};
    m_chunkData.clear();
    auto rest = input;
    while (!m_hasFailed && !isDone() && !rest.empty()) {
        if (m_head.framing == BodyFraming::Chunked && m_parser->chunkBytesLeft() == 0)
            readChunkLine(rest);
        else
            readData(rest);
    }
    const auto consumed = input.size() - rest.size();
    if (!m_body.empty())
        return {ReadState::Body, consumed, m_body};
    if (m_hasFailed)
        return {ReadState::Failed, consumed, {}};
    return {isDone() ? ReadState::Done : ReadState::NeedMore, consumed, {}};
}

template <bool isRequest>
void MessageFramer<isRequest>::readChunkLine(std::string_view& input)
{
    static constexpr auto refusal = [] { return HttpError{400, "bad_chunk", "A chunk of the body is malformed."}; };
    const auto step = m_chunkScan.scan(input);
    const auto piece = input.substr(0, step.consumed);
    input.remove_prefix(step.consumed);
    if (step.state == ScanState::Failed)
        return fail(refusal());
    if (step.state == ScanState::NeedMore) {
        m_pending.append(piece);
        return;
    }
    const auto line = joined(piece);
    boost::beast::error_code failure;
    const auto consumed = m_parser->put(line, failure);
    if (failure || consumed != line.size() || isDone() != m_chunkScan.isLast())
        return fail(refusal());
    m_pending.clear();
}

template <bool isRequest>
void MessageFramer<isRequest>::readData(std::string_view& input)
{
    const bool isChunked = m_head.framing == BodyFraming::Chunked;
    const auto data = isChunked ? input.substr(0, m_parser->chunkBytesLeft()) : input;
    boost::beast::error_code failure;
    const auto consumed = m_parser->put(data, failure);
    if (failure || consumed == 0)
        return fail({400, "bad_body", "The body cannot be read."});
    input.remove_prefix(consumed);
    addBody(m_parser->body());
    if (isChunked && m_parser->chunkBytesLeft() == 0)
        m_chunkScan.next();
}

template <bool isRequest>
void MessageFramer<isRequest>::addBody(std::string_view piece)
{
    if (m_body.empty()) {
        m_body = piece;
        return;
    }
    if (m_chunkData.empty())
        m_chunkData.assign(m_body);
    m_chunkData.append(piece);
    m_body = m_chunkData;
}

template <bool isRequest>
std::string_view MessageFramer<isRequest>::joined(std::string_view piece)
{
    if (m_pending.empty())
        return piece;
    m_pending.append(piece);
    return m_pending;
}

template <bool isRequest>
void MessageFramer<isRequest>::fail(HttpError error)
{
    m_error = std::move(error);
    if constexpr (!isRequest)
        m_error.status = 502; // whatever is wrong with a reply, it is the upstream's fault
    m_hasFailed = true;
}

template <bool isRequest>
bool MessageFramer<isRequest>::keepsAlive() const
{
    // Beast lets keep-alive win over close in HTTP/1.0; RFC 9112 section 9.3 says close wins.
    return m_parser->keep_alive() && !listHas(m_head.fields, "connection", "close");
}

template class MessageFramer<true>;
template class MessageFramer<false>;

} // namespace luthien::protocol
