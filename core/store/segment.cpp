// SPDX-License-Identifier: Apache-2.0
#include "store/segment.h"

#include "base/logging.h"

#include <zlib.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace luthien::store {

namespace {
constexpr std::uint64_t kHeadBytes = 8; // length and checksum
constexpr std::uint64_t kAlignment = 8;
constexpr std::uint32_t kSeal = 0xffffffff;
constexpr std::string_view kEnding = ".journal";

std::uint32_t checksum(std::string_view head, std::string_view body) noexcept
{
    // Starts from the length, so that a record of zeros does not look whole.
    auto crc = static_cast<uLong>(head.size() + body.size());
    for (const std::string_view part : {head, body}) {
        if (!part.empty()) // zlib takes a null pointer as "start anew"
            crc = crc32_z(crc, reinterpret_cast<const Bytef*>(part.data()), part.size());
    }
    return static_cast<std::uint32_t>(crc);
}

Error systemError(int number, const std::filesystem::path& path, const char* what)
{
    const bool full = number == ENOSPC || number == EDQUOT || number == EFBIG;
    return {full ? ErrorCode::Unavailable : ErrorCode::Io,
            std::string(what) + ": " + std::generic_category().message(number), path.string()};
}

std::uint32_t loadLength(char* at) noexcept
{
    return std::atomic_ref(*reinterpret_cast<std::uint32_t*>(at)).load(std::memory_order_acquire);
}

void storeLength(char* at, std::uint32_t length) noexcept
{
    std::atomic_ref(*reinterpret_cast<std::uint32_t*>(at)).store(length, std::memory_order_release);
}
} // namespace

std::string SegmentName::fileName() const
{
    char text[64];
    std::snprintf(text, sizeof text, "%03d-%010llu", producer, static_cast<unsigned long long>(number));
    return text + std::string(kEnding);
}

std::optional<SegmentName> SegmentName::parse(std::string_view fileName)
{
    const std::size_t dash = fileName.find('-');
    if (!fileName.ends_with(kEnding) || dash == std::string_view::npos)
        return std::nullopt;
    SegmentName name;
    const char* end = fileName.data() + fileName.size() - kEnding.size();
    const auto producer = std::from_chars(fileName.data(), fileName.data() + dash, name.producer);
    const auto number = std::from_chars(fileName.data() + dash + 1, end, name.number);
    const bool whole = producer.ptr == fileName.data() + dash && number.ptr == end;
    return whole && producer.ec == std::errc() && number.ec == std::errc() ? std::optional(name) : std::nullopt;
}

std::uint64_t Segment::recordBytes(std::uint64_t payload) noexcept
{
    return (kHeadBytes + payload + kAlignment - 1) / kAlignment * kAlignment;
}

Segment::Segment(std::filesystem::path path, SegmentName name, char* data, std::uint64_t size)
    : m_path(std::move(path))
    , m_name(name)
    , m_data(data)
    , m_size(size)
{
}

Segment::~Segment()
{
    munmap(m_data, m_size);
}

Result<std::shared_ptr<Segment>> Segment::create(const std::filesystem::path& directory, SegmentName name,
                                                 std::uint64_t bytes)
{
    const std::filesystem::path path = directory / name.fileName();
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (file < 0)
        return systemError(errno, path, "cannot make a journal file");
    int failed = posix_fallocate(file, 0, static_cast<off_t>(bytes));
    void* data = MAP_FAILED;
    if (failed == 0) {
        data = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
        failed = data == MAP_FAILED ? errno : 0;
    }
    ::close(file);
    if (failed != 0) {
        ::unlink(path.c_str());
        return systemError(failed, path, "cannot reserve a journal file");
    }
    return std::shared_ptr<Segment>(new Segment(path, name, static_cast<char*>(data), bytes));
}

Result<std::shared_ptr<Segment>> Segment::openExisting(const std::filesystem::path& directory, SegmentName name)
{
    const std::filesystem::path path = directory / name.fileName();
    const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0)
        return systemError(errno, path, "cannot open a journal file");
    struct stat status = {};
    int failed = fstat(file, &status) == 0 ? 0 : errno;
    if (failed == 0 && !S_ISREG(status.st_mode))
        failed = ENODEV; // what mmap says of a directory
    const auto size = static_cast<std::uint64_t>(status.st_size) / kAlignment * kAlignment;
    void* data = MAP_FAILED;
    if (failed == 0 && size > 0) {
        // Private and writable, so that the length can be read as the atomic it is; nothing is written.
        data = mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE, file, 0);
        failed = data == MAP_FAILED ? errno : 0;
    }
    ::close(file);
    if (failed != 0)
        return systemError(failed, path, "cannot map a journal file");
    if (size == 0)
        return Error{ErrorCode::InvalidInput, "the journal file is empty", path.string()};
    return std::shared_ptr<Segment>(new Segment(path, name, static_cast<char*>(data), size));
}

bool Segment::append(std::string_view head, std::string_view body) noexcept
{
    const std::uint64_t position = m_tail.load(std::memory_order_relaxed);
    const std::uint64_t payload = head.size() + body.size();
    const std::uint64_t whole = recordBytes(payload);
    if (payload >= kSeal || position + whole > m_size)
        return false;
    char* const record = m_data + position;
    const std::uint32_t crc = checksum(head, body);
    std::memcpy(record + sizeof crc, &crc, sizeof crc);
    std::memcpy(record + kHeadBytes, head.data(), head.size());
    if (!body.empty())
        std::memcpy(record + kHeadBytes + head.size(), body.data(), body.size());
    storeLength(record, static_cast<std::uint32_t>(payload));
    m_tail.store(position + whole, std::memory_order_release);
    return true;
}

void Segment::seal() noexcept
{
    const std::uint64_t position = m_tail.load(std::memory_order_relaxed);
    if (position + kHeadBytes <= m_size)
        storeLength(m_data + position, kSeal);
}

Segment::Read Segment::read(std::uint64_t position, Written when) const noexcept
{
    if (position + kHeadBytes > m_size)
        return {ReadState::Sealed, {}, position};
    char* const record = m_data + position;
    const std::uint32_t length = loadLength(record);
    if (length == 0)
        return {ReadState::Nothing, {}, position};
    if (length == kSeal)
        return {ReadState::Sealed, {}, position};
    const std::uint64_t whole = recordBytes(length);
    if (position + whole > m_size)
        return {ReadState::Torn, {}, position};
    std::uint32_t crc;
    std::memcpy(&crc, record + sizeof crc, sizeof crc);
    const std::string_view payload(record + kHeadBytes, length);
    if (when == Written::Before && crc != checksum(payload, {}))
        return {ReadState::Torn, {}, position};
    return {ReadState::Record, payload, position + whole};
}

void Segment::prefault(std::uint64_t aheadBytes) noexcept
{
    constexpr std::uint64_t kPage = 4096;
    const std::uint64_t until = std::min((tail() + aheadBytes) / kPage * kPage, m_size / kPage * kPage);
    // In steps of half the distance, not a system call for each page.
    if (until <= m_prefaulted || (until < m_prefaulted + aheadBytes / 2 && until < m_size / kPage * kPage))
        return;
    if (madvise(m_data + m_prefaulted, until - m_prefaulted, MADV_POPULATE_WRITE) != 0)
        qCDebug(lcStore, "journal pages are not prefaulted: %s", std::generic_category().message(errno).c_str());
    m_prefaulted = until;
}

void Segment::erase(std::uint64_t position) noexcept
{
    if (position <= m_erased)
        return;
    std::memset(m_data + m_erased, 0, position - m_erased);
    m_erased = position;
}

void Segment::unlink() noexcept
{
    ::unlink(m_path.c_str());
}

} // namespace luthien::store
