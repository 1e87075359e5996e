// SPDX-License-Identifier: Apache-2.0
#include "recording.h"
#include "store/store.h"
#include "support/stored_events.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <sys/mount.h>
#include <sys/resource.h>

using namespace luthien;
using namespace luthien::store;
using luthien::test::eventsOf;
using luthien::test::RecordedCall;

namespace {
/// A directory that can be made full: a small tmpfs where this process may mount one, else a limit on file sizes.
class SmallDisk
{
public:
    SmallDisk() { m_mounted = mount("tmpfs", path().c_str(), "tmpfs", 0, "size=6m") == 0; }
    ~SmallDisk()
    {
        free();
        if (m_mounted)
            umount2(path().c_str(), MNT_DETACH);
    }

    [[nodiscard]] std::unique_ptr<Store> openStore() const
    {
        auto store = Store::open({.directory = path(), .segmentBytes = 128 << 10, .ballastBytes = 64 << 10});
        return store ? *std::move(store) : nullptr;
    }
    void fill() const
    {
        if (!m_mounted) {
            signal(SIGXFSZ, SIG_IGN);
            limitFiles(64 << 10);
            return;
        }
        std::ofstream filler(path() / "filler");
        const std::string page(4096, 'x');
        while (filler.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
        }
    }
    void free() const
    {
        limitFiles(RLIM_INFINITY);
        std::filesystem::remove(path() / "filler");
    }

private:
    [[nodiscard]] std::filesystem::path path() const { return m_directory.path().toStdString(); }
    static void limitFiles(rlim_t bytes)
    {
        struct rlimit limit = {};
        getrlimit(RLIMIT_FSIZE, &limit);
        limit.rlim_cur = std::min(bytes, limit.rlim_max);
        setrlimit(RLIMIT_FSIZE, &limit);
    }

    QTemporaryDir m_directory;
    bool m_mounted = false;
};
} // namespace

/// Of SQLite: with PostgreSQL the database's disk is another's.
class TestBallast : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aFullDiskIsShownAndLosesNothing();
};

void TestBallast::aFullDiskIsShownAndLosesNothing()
{
    const SmallDisk disk;
    const auto store = disk.openStore();
    const auto sink = store->makeSink(0);
    RecordedCall call(*sink, "s");
    call.wire("before");
    QVERIFY(store->flush(std::chrono::seconds(20)));
    disk.fill();
    std::mt19937 random(1);
    for (int i = 0; i < 40; ++i) { // more than the ballast, less than the journal's segment
        std::string noise;
        for (int byte = 0; byte < 2500; ++byte)
            noise += static_cast<char>(random());
        call.wire(noise);
    }
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::DiskFull, 20'000);
    QVERIFY(!store->stateText().empty());
    disk.free();
    QTRY_COMPARE_WITH_TIMEOUT(store->state(), StoreState::Ok, 20'000);
    QTRY_VERIFY_WITH_TIMEOUT(sink->hasRoom(), 20'000);
    call.end();
    QVERIFY(store->flush(std::chrono::seconds(20)));
    const auto events = *eventsOf(**store->openReader(), call.id());
    QCOMPARE(events.size(), call.bytes().size() + 1);
    for (std::size_t i = 0; i < call.bytes().size(); ++i)
        QVERIFY(events[i].bytes == call.bytes()[i]);
}

LUTHIEN_TEST(tst_ballast, TestBallast)
#include "tst_ballast.moc"
