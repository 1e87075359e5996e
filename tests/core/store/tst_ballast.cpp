// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "store/ballast.h"
#include "store/store.h"
#include "support/full_disk.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <filesystem>
#include <fstream>
#include <random>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace luthien;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;
namespace full_disk = luthien::test::full_disk;

namespace {
constexpr std::uint64_t kBallastBytes = 512 << 10;
constexpr std::uint64_t kSegmentBytes = 4 << 20; ///< half of it is enough: no second one is asked of a full disk

/// A directory that can be made full: a small tmpfs where this process may mount one, else writes are refused.
class SmallDisk
{
public:
    SmallDisk() { m_isReal = mount("tmpfs", path().c_str(), "tmpfs", 0, "size=16m") == 0; }
    ~SmallDisk()
    {
        free();
        if (m_isReal)
            umount2(path().c_str(), MNT_DETACH);
    }

    [[nodiscard]] std::filesystem::path path() const { return m_directory.path().toStdString(); }
    [[nodiscard]] std::unique_ptr<Store> openStore() const
    {
        auto store = Store::open({.directory = path(), .segmentBytes = kSegmentBytes, .ballastBytes = kBallastBytes});
        return store ? *std::move(store) : nullptr;
    }
    enum class Refused : std::uint8_t { UntilBallastGoes, All }; ///< of a commit
    void fill(Refused refused) const
    {
        if (!m_isReal) {
            full_disk::refuse(path().string(), 1, refused == Refused::All ? 1'000'000 : 1);
            return;
        }
        std::ofstream filler(path() / "filler");
        const std::string page(4096, 'x');
        while (filler.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        }
    }
    void free() const
    {
        full_disk::free();
        std::filesystem::remove(path() / "filler");
    }
    /// What the ballast takes of the disk; 0 = there is none.
    [[nodiscard]] std::uint64_t ballastBytes() const
    {
        struct stat status = {};
        const bool isThere = ::stat((path() / "ballast").c_str(), &status) == 0;
        return isThere ? static_cast<std::uint64_t>(status.st_blocks) * 512 : 0;
    }

private:
    QTemporaryDir m_directory;
    bool m_isReal = false;
};

/// Events of so many bytes that no compression makes smaller.
void recordNoise(RecordedCall& call, int bytes)
{
    std::mt19937 random(1);
    for (int left = bytes; left > 0; left -= 2500) {
        std::string noise;
        for (int byte = 0; byte < 2500; ++byte)
            noise += static_cast<char>(random());
        call.wire(noise);
    }
}

void verifyStored(const Store& store, const RecordedCall& call)
{
    const auto events = eventsOf(**store.openReader(), call.id());
    QVERIFY2(events, events ? "" : events.error().toString().c_str());
    QCOMPARE(events->size(), call.bytes().size() + 1);
    for (std::size_t i = 0; i < call.bytes().size(); ++i)
        QVERIFY((*events)[i].bytes == call.bytes()[i]);
}
} // namespace

/// Of SQLite: with PostgreSQL the database's disk is another's.
class TestBallast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void itIsMadeAndGivenUpOnce();
    void noneIsMadeWhereTheRoomIsNeeded();
    void aCommitSmallerThanTheBallastGoesOn();
    void aFullDiskIsShownAndLosesNothing();
};

void TestBallast::itIsMadeAndGivenUpOnce()
{
    const QTemporaryDir directory;
    const auto file = std::filesystem::path(directory.path().toStdString()) / "ballast";
    const Ballast ballast(file, kBallastBytes);
    QVERIFY(!ballast.release());
    ballast.restore();
    QCOMPARE(std::filesystem::file_size(file), std::uintmax_t{kBallastBytes});
    struct stat status = {};
    QCOMPARE(::stat(file.c_str(), &status), 0);
    QVERIFY2(static_cast<std::uint64_t>(status.st_blocks) * 512 >= kBallastBytes, "it takes no room");
    QVERIFY(ballast.release());
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(!ballast.release());
}

void TestBallast::noneIsMadeWhereTheRoomIsNeeded()
{
    const QTemporaryDir directory;
    const auto path = std::filesystem::path(directory.path().toStdString());
    const Ballast none(path / "ballast", 0);
    none.restore();
    QVERIFY(!std::filesystem::exists(path / "ballast"));
    const Ballast large(path / "ballast", std::filesystem::space(path).available / 4);
    large.restore();
    QVERIFY(!std::filesystem::exists(path / "ballast"));
    full_disk::refuse(path.string(), 2, 1); // the file can be named, and not be filled
    const Ballast refused(path / "ballast", kBallastBytes);
    refused.restore();
    full_disk::free();
    QCOMPARE(full_disk::refusals(), 1);
    QVERIFY(!std::filesystem::exists(path / "ballast"));
}

/// Nobody is told of a disk that the ballast makes room on.
void TestBallast::aCommitSmallerThanTheBallastGoesOn()
{
    const SmallDisk disk;
    const auto store = disk.openStore();
    QVERIFY(store);
    QTRY_VERIFY_WITH_TIMEOUT(disk.ballastBytes() >= kBallastBytes, 20'000);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("before");
    QVERIFY(store->flush(std::chrono::seconds(20)));
    disk.fill(SmallDisk::Refused::UntilBallastGoes);
    recordNoise(call, 100'000);
    call.end();
    QVERIFY2(store->flush(std::chrono::seconds(20)), "the room that the ballast took is not used");
    QCOMPARE(store->state(), StoreState::Ok);
    QCOMPARE(disk.ballastBytes(), std::uint64_t{0});
    verifyStored(*store, call);
}

void TestBallast::aFullDiskIsShownAndLosesNothing()
{
    const SmallDisk disk;
    const auto store = disk.openStore();
    QVERIFY(store);
    QTRY_VERIFY_WITH_TIMEOUT(disk.ballastBytes() >= kBallastBytes, 20'000);
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("before");
    QVERIFY(store->flush(std::chrono::seconds(20)));
    disk.fill(SmallDisk::Refused::All);
    recordNoise(call, 900'000); // more than the ballast
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::DiskFull, 20'000);
    QVERIFY(!store->stateText().empty());
    QCOMPARE(disk.ballastBytes(), std::uint64_t{0});
    disk.free();
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(sink->hasRoom(), 20'000);
    call.end();
    QVERIFY(store->flush(std::chrono::seconds(20)));
    verifyStored(*store, call);
    // Not QTRY_VERIFY, which waits for three times as long before it fails: it is made again each half a minute.
    QVERIFY(QTest::qWaitFor([&] { return disk.ballastBytes() >= kBallastBytes; }, 60'000));
}

LUTHIEN_TEST(tst_ballast, TestBallast)
#include "tst_ballast.moc"
