// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace luthien::protocol {

enum class ScanState : std::uint8_t { NeedMore, Complete, Failed };

struct ScanStep
{
    ScanState state = ScanState::NeedMore;
    std::size_t consumed = 0; ///< with Complete: through the last byte of what is looked for
};

enum class HeadFault : std::uint8_t { None, NulByte, BareLf, BareCr, ObsFold, TooLarge };

/// Finds the end of a message head before any byte of it reaches the parser, and refuses what lets two parsers see
/// different lines (rule 1). Looks at every byte once, wherever the reads cut it. Thread: one at a time.
class HeadScan
{
public:
    explicit HeadScan(std::size_t maxBytes)
        : m_maxBytes(maxBytes)
    {
    }

    [[nodiscard]] ScanStep scan(std::string_view input) noexcept;
    [[nodiscard]] HeadFault fault() const noexcept { return m_fault; }
    [[nodiscard]] bool hasBegun() const noexcept { return m_size != 0; }

private:
    enum class State : std::uint8_t { Start, LineStart, Line, LineLf, EndLf, Complete };

    void next(char c) noexcept;
    void inLine(char c) noexcept;

    std::size_t m_maxBytes;
    std::size_t m_size = 0;
    State m_state = State::Start;
    HeadFault m_fault = HeadFault::None;
};

/// Finds the end of what frames the next chunk of a body: its size line, or the last one with the trailers behind it.
/// So the parser only ever sees whole lines, and rules 13 and 14 hold at any split. Thread: one at a time.
class ChunkScan
{
public:
    /// The line itself is bounded, and so is all that the lines of a body hold beyond plain sizes.
    static constexpr std::size_t kMaxExtensionBytes = 1024;
    static constexpr std::size_t kMaxFramingBytes = 16 * 1024;

    [[nodiscard]] ScanStep scan(std::string_view input) noexcept;
    /// True if the line that was completed is the last one.
    [[nodiscard]] bool isLast() const noexcept { return m_isZero; }
    /// After a completed line: gets ready for the one behind the chunk's data.
    void next() noexcept;

private:
    enum class State : std::uint8_t {
        DataCr, ///< the CRLF that ends the data before
        DataLf,
        Size,
        Extension,
        Quoted,
        Escaped,
        LineLf,
        TrailerStart,
        Trailer,
        TrailerLf,
        EndLf,
        Complete,
        Failed,
    };

    [[nodiscard]] State after(char c) noexcept;
    [[nodiscard]] State afterSize(char c) noexcept;
    [[nodiscard]] State afterExtension(char c) noexcept;
    [[nodiscard]] State afterTrailer(char c) const noexcept;
    [[nodiscard]] State afterLine() noexcept;

    State m_state = State::Size;
    bool m_hasDigit = false;
    bool m_isZero = true;
    std::size_t m_size = 0;
    std::size_t m_extensionBytes = 0;
    std::size_t m_excessBytes = 0; ///< of all lines of this body
};

} // namespace luthien::protocol
