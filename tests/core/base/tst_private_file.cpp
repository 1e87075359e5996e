// SPDX-License-Identifier: Apache-2.0
#include "base/private_file.h"
#include "support/test_registry.h"

#include <QTemporaryDir>

#include <filesystem>
#include <fstream>

using namespace luthien;
namespace fs = std::filesystem;

class TestPrivateFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_directory = std::make_unique<QTemporaryDir>(); }
    void writesForItsOwnerOnly();
    void refuses_data();
    void refuses();
    void doesNotFollowALinkWhenWriting();
    void closesADirectoryToOthers();
    void tokenStays();
    void makesANewTokenForABrokenOne();

private:
    fs::path path(const char* name) const { return fs::path(m_directory->path().toStdString()) / name; }
    std::unique_ptr<QTemporaryDir> m_directory;
};

void TestPrivateFile::writesForItsOwnerOnly()
{
    QVERIFY(writePrivateFile(path("f"), "one").hasValue());
    QVERIFY(writePrivateFile(path("f"), "two").hasValue());
    QCOMPARE(*readPrivateFile(path("f")), "two");
    QCOMPARE(fs::status(path("f")).permissions(), fs::perms::owner_read | fs::perms::owner_write);
    QCOMPARE(readPrivateFile(path("none")).error().code, ErrorCode::NotFound);
}

void TestPrivateFile::refuses_data()
{
    QTest::addColumn<std::function<void(const fs::path&, const fs::path&)>>("prepare");
    using Prepare = std::function<void(const fs::path&, const fs::path&)>;
    QTest::newRow("a link") << Prepare(
        [](const fs::path& file, const fs::path& other) { fs::create_symlink(other, file); });
    QTest::newRow("a second name of a file elsewhere")
        << Prepare([](const fs::path& file, const fs::path& other) { fs::create_hard_link(other, file); });
    QTest::newRow("a file others can read") << Prepare([](const fs::path& file, const fs::path& other) {
        fs::copy_file(other, file);
        fs::permissions(file, fs::perms::others_read, fs::perm_options::add);
    });
    QTest::newRow("a directory") << Prepare([](const fs::path& file, const fs::path&) { fs::create_directory(file); });
}

void TestPrivateFile::refuses()
{
    using Prepare = std::function<void(const fs::path&, const fs::path&)>;
    QFETCH(Prepare, prepare);
    QVERIFY(writePrivateFile(path("other"), "text").hasValue());
    prepare(path("f"), path("other"));
    const auto text = readPrivateFile(path("f"));
    QVERIFY(!text);
    QCOMPARE(text.error().code, ErrorCode::Conflict);
}

void TestPrivateFile::doesNotFollowALinkWhenWriting()
{
    QVERIFY(writePrivateFile(path("victim"), "untouched").hasValue());
    fs::create_symlink(path("victim"), path("f"));
    fs::create_symlink(path("victim"), path("f.new"));
    QVERIFY(writePrivateFile(path("f"), "ours").hasValue());
    QCOMPARE(*readPrivateFile(path("victim")), "untouched");
    QCOMPARE(*readPrivateFile(path("f")), "ours");
}

void TestPrivateFile::closesADirectoryToOthers()
{
    fs::create_directory(path("d"));
    fs::permissions(path("d"), fs::perms::all);
    QVERIFY(makePrivateDirectory(path("d")).hasValue());
    QCOMPARE(fs::status(path("d")).permissions(), fs::perms::owner_all);
    QVERIFY(makePrivateDirectory(path("new/below")).hasValue());
    std::ofstream(path("file")) << "x";
    QVERIFY(!makePrivateDirectory(path("file")).hasValue());
}

void TestPrivateFile::tokenStays()
{
    const auto token = loadOrMakeToken(path("token"));
    QVERIFY(token.hasValue());
    QCOMPARE(token->size(), 64U);
    QCOMPARE(token->find_first_not_of("0123456789abcdef"), std::string::npos);
    QCOMPARE(*loadOrMakeToken(path("token")), *token);
    QVERIFY(*loadOrMakeToken(path("another")) != *token);
}

void TestPrivateFile::makesANewTokenForABrokenOne()
{
    QVERIFY(writePrivateFile(path("token"), "short\n").hasValue());
    QCOMPARE(loadOrMakeToken(path("token"))->size(), 64U);
}

LUTHIEN_TEST(tst_private_file, TestPrivateFile)
#include "tst_private_file.moc"
