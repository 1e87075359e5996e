// SPDX-License-Identifier: Apache-2.0
#include "protocol/head_scan.h"

#include <algorithm>

namespace luthien::protocol {

namespace {
/// The CRLF of the data before, 16 digits, CRLF: no honest size line is longer without extensions.
constexpr std::size_t kPlainLineBytes = 20;

constexpr bool isHexDigit(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

constexpr bool isControl(char c) noexcept
{
    return static_cast<unsigned char>(c) < 0x20 || c == 0x7f;
}
} // namespace

ScanStep HeadScan::scan(std::string_view input) noexcept
{
    const auto window = input.substr(0, m_maxBytes - m_size);
    std::size_t at = 0;
    while (at < window.size() && m_state != State::Complete) {
        // Nothing above CR means anything inside a line: most bytes of a head are passed over here.
        if (m_state == State::Line)
            at = static_cast<std::size_t>(std::find_if(window.begin() + static_cast<std::ptrdiff_t>(at), window.end(),
                                                       [](char c) { return static_cast<unsigned char>(c) <= '\r'; }) -
                                          window.begin());
        if (at == window.size())
            break;
        next(window[at]);
        if (m_fault != HeadFault::None)
            return {ScanState::Failed, at};
        ++at;
    }
    m_size += at;
    if (m_state == State::Complete)
        return {ScanState::Complete, at};
    if (at < input.size()) {
        m_fault = HeadFault::TooLarge;
        return {ScanState::Failed, at};
    }
    return {ScanState::NeedMore, at};
}

void HeadScan::next(char c) noexcept
{
    switch (m_state) {
    case State::Start:
        return inLine(c);
    case State::LineStart:
        if (c == '\r')
            m_state = State::EndLf;
        else if (c == ' ' || c == '\t')
            m_fault = HeadFault::ObsFold;
        else
            inLine(c);
        return;
    case State::Line:
        return inLine(c);
    case State::LineLf:
    case State::EndLf:
        if (c != '\n')
            m_fault = HeadFault::BareCr;
        else
            m_state = m_state == State::EndLf ? State::Complete : State::LineStart;
        return;
    case State::Complete:
        return;
    }
}

void HeadScan::inLine(char c) noexcept
{
    m_state = c == '\r' ? State::LineLf : State::Line;
    if (c == '\n')
        m_fault = HeadFault::BareLf;
    else if (c == '\0')
        m_fault = HeadFault::NulByte;
}

ScanStep ChunkScan::scan(std::string_view input) noexcept
{
    std::size_t at = 0;
    while (at < input.size() && m_state != State::Complete && m_state != State::Failed) {
        m_state = ++m_size > kMaxFramingBytes ? State::Failed : after(input[at]);
        ++at;
    }
    if (m_state == State::Failed)
        return {ScanState::Failed, at};
    return {m_state == State::Complete ? ScanState::Complete : ScanState::NeedMore, at};
}

void ChunkScan::next() noexcept
{
    m_state = State::DataCr;
    m_hasDigit = false;
    m_isZero = true;
    m_size = 0;
    m_extensionBytes = 0;
}

ChunkScan::State ChunkScan::after(char c) noexcept
{
    switch (m_state) {
    case State::DataCr:
        return c == '\r' ? State::DataLf : State::Failed;
    case State::DataLf:
        return c == '\n' ? State::Size : State::Failed;
    case State::Size:
        return afterSize(c);
    case State::Extension:
    case State::Quoted:
    case State::Escaped:
        return afterExtension(c);
    case State::LineLf:
        return c == '\n' ? afterLine() : State::Failed;
    case State::TrailerStart:
    case State::Trailer:
        return afterTrailer(c);
    case State::TrailerLf:
        return c == '\n' ? State::TrailerStart : State::Failed;
    case State::EndLf:
        return c == '\n' ? State::Complete : State::Failed;
    case State::Complete:
    case State::Failed:
        break;
    }
    return State::Failed;
}

ChunkScan::State ChunkScan::afterSize(char c) noexcept
{
    if (isHexDigit(c)) {
        m_hasDigit = true;
        m_isZero = m_isZero && c == '0';
        return State::Size;
    }
    if (!m_hasDigit || (c != '\r' && c != ';' && c != ' '))
        return State::Failed;
    return afterExtension(c);
}

ChunkScan::State ChunkScan::afterExtension(char c) noexcept
{
    const bool isQuoted = m_state == State::Quoted || m_state == State::Escaped;
    if (c == '\r' && !isQuoted)
        return State::LineLf;
    if (isControl(c) || ++m_extensionBytes > kMaxExtensionBytes)
        return State::Failed;
    if (m_state == State::Escaped)
        return State::Quoted;
    if (isQuoted && c == '\\')
        return State::Escaped;
    if (c == '"')
        return isQuoted ? State::Extension : State::Quoted;
    return isQuoted ? State::Quoted : State::Extension;
}

ChunkScan::State ChunkScan::afterTrailer(char c) const noexcept
{
    const bool isStart = m_state == State::TrailerStart;
    if (c == '\r')
        return isStart ? State::EndLf : State::TrailerLf;
    if (c == '\n' || c == '\0' || (isStart && (c == ' ' || c == '\t')))
        return State::Failed;
    return State::Trailer;
}

ChunkScan::State ChunkScan::afterLine() noexcept
{
    if (m_isZero)
        return State::TrailerStart;
    m_excessBytes += m_size - std::min(m_size, kPlainLineBytes);
    return m_excessBytes > kMaxFramingBytes ? State::Failed : State::Complete;
}

} // namespace luthien::protocol
