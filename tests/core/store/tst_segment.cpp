// SPDX-License-Identifier: Apache-2.0
#include "store/segment.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <fstream>
#include <string>
#include <sys/stat.h>

using namespace luthien;
using namespace luthien::store;
using ReadState = Segment::ReadState;

class TestSegment : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void recordsFillItToTheLastByte();
    void onlyWholeRecordsAreRead();
    void itIsReservedAndItsOwnersOnly();
    void whatComesNextIsPrefaulted();
    void linksAndEmptyFilesAreNotOpened();
    void namesAreReadStrictly();
};

namespace {
struct Folder
{
    QTemporaryDir directory;
    std::filesystem::path path{directory.path().toStdString()};
};

/// What this process has of a mapped file without a fault; 0 = it is not mapped.
std::uint64_t residentBytes(const std::filesystem::path& file)
{
    std::ifstream maps("/proc/self/smaps");
    std::string line;
    while (std::getline(maps, line) && !line.ends_with(file.string())) {
    }
    while (std::getline(maps, line) && !line.starts_with("Rss:")) {
    }
    return maps ? std::stoull(line.substr(4)) << 10 : 0;
}
} // namespace

void TestSegment::recordsFillItToTheLastByte()
{
    const Folder folder;
    const auto segment = *Segment::create(folder.path, {0, 0}, 4096);
    QVERIFY(!segment->append(std::string(4089, 'x'), {})); // 8 bytes go before it
    QVERIFY(segment->append(std::string(2000, 'x'), std::string(39, 'y')));
    QVERIFY(!segment->append(std::string(2041, 'x'), {}));
    QVERIFY(segment->append({}, std::string(2040, 'z')));
    QCOMPARE(segment->tail(), std::uint64_t{4096});
    QVERIFY(!segment->append({}, "a"));
    segment->seal(); // no room for it, and none needed
    const auto first = segment->read(0);
    QCOMPARE(first.payload, std::string(2000, 'x') + std::string(39, 'y'));
    const auto second = segment->read(first.next);
    QCOMPARE(second.payload, std::string(2040, 'z'));
    QVERIFY(segment->read(second.next).state == ReadState::Sealed);
}

void TestSegment::onlyWholeRecordsAreRead()
{
    const Folder folder;
    const auto segment = *Segment::create(folder.path, {0, 0}, 4096);
    QVERIFY(segment->read(0).state == ReadState::Nothing);
    QVERIFY(segment->append("head", "body"));
    const auto next = segment->read(0).next;
    QVERIFY(segment->read(next).state == ReadState::Nothing);
    segment->seal();
    QVERIFY(segment->read(next).state == ReadState::Sealed);
    // Every single flipped bit of length, checksum or payload must be noticed.
    const auto file = folder.path / segment->name().fileName();
    for (int bit = 0; bit < 16 * 8; ++bit) {
        const auto flip = [&] {
            std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
            stream.seekg(bit / 8);
            const char flipped = static_cast<char>(stream.get() ^ (1 << bit % 8));
            stream.seekp(bit / 8);
            stream.put(flipped);
        };
        flip();
        const auto reopened = *Segment::openExisting(folder.path, {0, 0});
        QVERIFY2(reopened->read(0).state != ReadState::Record, qPrintable(QString::number(bit)));
        flip();
    }
    QCOMPARE((*Segment::openExisting(folder.path, {0, 0}))->read(0).payload, std::string_view("headbody"));
}

void TestSegment::itIsReservedAndItsOwnersOnly()
{
    const Folder folder;
    const auto segment = *Segment::create(folder.path, {0, 0}, 1 << 16);
    const auto file = folder.path / segment->name().fileName();
    struct stat status = {};
    QCOMPARE(::stat(file.c_str(), &status), 0);
    QCOMPARE(status.st_size, off_t{1 << 16});
    QVERIFY2(status.st_blocks * 512 >= 1 << 16, "a full disk would kill whoever writes the mapping");
    QCOMPARE(std::filesystem::status(file).permissions(),
             std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    QVERIFY(!Segment::create(folder.path, {0, 0}, 4096)); // never a second one of the name
    QVERIFY(!Segment::create(folder.path / "missing", {0, 0}, 4096));
    segment->unlink();
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(segment->append("still", "mapped"));
}

void TestSegment::whatComesNextIsPrefaulted()
{
    constexpr std::uint64_t kAhead = 256 << 10;
    const Folder folder;
    const auto segment = *Segment::create(folder.path, {0, 0}, 1 << 20);
    const auto file = std::filesystem::canonical(folder.path / segment->name().fileName());
    QCOMPARE(residentBytes(file), std::uint64_t{0});
    segment->prefault(kAhead);
    QVERIFY(residentBytes(file) >= kAhead);
    while (segment->tail() < 600'000)
        QVERIFY(segment->append(std::string(10'000, 'x'), {}));
    segment->prefault(kAhead);
    QVERIFY(residentBytes(file) >= segment->tail() + kAhead - 4096);
    segment->prefault(4 * kAhead); // never beyond the end
    QVERIFY(residentBytes(file) >= segment->size());
    QVERIFY(segment->read(0).state == ReadState::Record);
}

void TestSegment::linksAndEmptyFilesAreNotOpened()
{
    const Folder folder;
    std::filesystem::create_symlink(folder.path / "elsewhere", folder.path / SegmentName{0, 0}.fileName());
    QVERIFY(!Segment::create(folder.path, {0, 0}, 4096));
    std::ofstream(folder.path / "elsewhere") << "12345678";
    QVERIFY(!Segment::openExisting(folder.path, {0, 0}));
    std::ofstream(folder.path / SegmentName{0, 1}.fileName()).close();
    QCOMPARE(Segment::openExisting(folder.path, {0, 1}).error().code, ErrorCode::InvalidInput);
}

void TestSegment::namesAreReadStrictly()
{
    const SegmentName name{7, 12'345'678'901};
    QVERIFY(SegmentName::parse(name.fileName()).value() == name);
    for (const char* foreign : {"x-1.journal", "1-.journal", "-1.journal", "1-2.journal~", "1-2x.journal", "ballast",
                                "1-99999999999999999999.journal", ".journal", ""})
        QVERIFY2(!SegmentName::parse(foreign), foreign);
}

LUTHIEN_TEST(tst_segment, TestSegment)
#include "tst_segment.moc"
