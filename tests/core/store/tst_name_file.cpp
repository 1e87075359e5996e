// SPDX-License-Identifier: Apache-2.0
#include "store/name_file.h"
#include "support/test_registry.h"

#include <QTemporaryDir>
#include <QtTest>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sys/resource.h>

using namespace luthien;
using namespace luthien::store;

class TestNameFile : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aNameComesBack();
    void whatIsNoNameIsNone();
    void whatCannotBeWrittenLeavesTheOldOne();

private:
    const QTemporaryDir m_directory;
    const std::filesystem::path m_file{m_directory.filePath(QStringLiteral("name")).toStdString()};
    const std::string m_name = "019a0000-0000-7000-8000-000000000001";
};

void TestNameFile::aNameComesBack()
{
    QCOMPARE(readNameFile(m_file), std::string());
    QVERIFY(writeNameFile(m_file, "019a0000-0000-7000-8000-00000000000a"));
    QVERIFY(writeNameFile(m_file, m_name));
    QCOMPARE(readNameFile(m_file), m_name);
    QCOMPARE(readNameNote(m_file), std::string());
    QVERIFY(writeNameFile(m_file, m_name, "sqlite"));
    QCOMPARE(readNameFile(m_file), m_name);
    QCOMPARE(readNameNote(m_file), std::string("sqlite"));
    const auto others = std::filesystem::perms::group_all | std::filesystem::perms::others_all;
    QVERIFY((std::filesystem::status(m_file).permissions() & others) == std::filesystem::perms::none);
}

void TestNameFile::whatIsNoNameIsNone()
{
    std::ofstream(m_file) << m_name.substr(1);
    QCOMPARE(readNameFile(m_file), std::string());
    const auto link = std::filesystem::path(m_file).replace_filename("link");
    QVERIFY(writeNameFile(m_file, m_name));
    std::filesystem::create_symlink(m_file, link);
    QCOMPARE(readNameFile(link), std::string());
    QVERIFY(writeNameFile(link, "019a0000-0000-7000-8000-00000000000b")); // in its place, and not through it
    QVERIFY(!std::filesystem::is_symlink(link));
    QCOMPARE(readNameFile(m_file), m_name);
    QVERIFY(!writeNameFile(m_file / "below", m_name));
}

void TestNameFile::whatCannotBeWrittenLeavesTheOldOne()
{
    QVERIFY(writeNameFile(m_file, m_name));
    rlimit before{};
    QCOMPARE(::getrlimit(RLIMIT_FSIZE, &before), 0);
    const rlimit none{.rlim_cur = 0, .rlim_max = before.rlim_max};
    const auto ignored = std::signal(SIGXFSZ, SIG_IGN);
    QCOMPARE(::setrlimit(RLIMIT_FSIZE, &none), 0); // as a full disk, or a crash before anything is written
    const bool isWritten = writeNameFile(m_file, "019a0000-0000-7000-8000-00000000000b").hasValue();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, ignored);
    QVERIFY(!isWritten);
    QCOMPARE(readNameFile(m_file), m_name);
}

LUTHIEN_TEST(tst_name_file, TestNameFile)
#include "tst_name_file.moc"
