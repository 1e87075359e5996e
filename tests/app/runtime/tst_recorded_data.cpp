// SPDX-License-Identifier: Apache-2.0
#include "runtime/recorded_data.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

using namespace luthien;
using namespace luthien::runtime;

class TestRecordedData : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void makesNoDirectory();
    void readsBesideARunningInstanceAndWithoutOne();
};

void TestRecordedData::makesNoDirectory()
{
    const QTemporaryDir directory;
    const Paths paths{.dataDirectory = directory.filePath(QStringLiteral("typo")).toStdString()};
    QCOMPARE(RecordedData::open(paths, [] { return nullptr; }).error().code, ErrorCode::NotFound);
    QVERIFY(!std::filesystem::exists(paths.dataDirectory));
}

void TestRecordedData::readsBesideARunningInstanceAndWithoutOne()
{
    const QTemporaryDir directory;
    const Paths paths{.dataDirectory = directory.path().toStdString()};
    {
        const auto lock = DataDirectoryLock::acquire(paths, "luthiend");
        QVERIFY(lock.hasValue());
        auto opened = store::Store::open({.directory = paths.dataDirectory, .ballastBytes = 0});
        QVERIFY(opened.hasValue());
        (*opened)->makeSink(0)->opened({.call = CallId::make(fromMicros(1)), .identity = {.session = "s"}});
        QVERIFY((*opened)->flush(std::chrono::seconds(20)).hasValue());
        auto beside = RecordedData::open(paths, [] { return nullptr; });
        QVERIFY2(beside.hasValue(), beside ? "" : beside.error().toString().c_str());
        QCOMPARE(*beside->reader().sessionCount(), 1);
    }
    const auto key = std::make_shared<const store::EvidenceKey>(*store::EvidenceKey::parse(std::string(64, 'a')));
    auto alone = RecordedData::open(paths, [&key] { return key; });
    QVERIFY(alone.hasValue());
    QCOMPARE(alone->reader().evidenceKeyId().value(), key->id()); // the end of the call that was left open is signed
    QCOMPARE(*alone->reader().sessionCount(), 1);
    QVERIFY(DataDirectoryLock::isHeld(paths));
}

LUTHIEN_TEST(tst_recorded_data, TestRecordedData)
#include "tst_recorded_data.moc"
