// SPDX-License-Identifier: Apache-2.0
#include "policy/builtin/patch_text.h"
#include "support/test_registry.h"

using namespace luthien::policy::builtin;

namespace {

class TestPatchText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void knowsAPatchByItsFirstLine()
    {
        QVERIFY(isPatch("*** Begin Patch\n"));
        QVERIFY(isPatch("\n  *** Begin Patch\n"));
        QVERIFY(!isPatch("DROP TABLE t;\n*** Begin Patch\n"));
        QVERIFY(!isPatch(""));
    }

    void findsWhatIsAddedToEachFile()
    {
        const std::string_view patch = "*** Begin Patch\n+nowhere\n*** Add File: a.sql\n+one\n+two\n"
                                       "*** Update File: b.md\n@@\n-old\n kept\n+new\n*** Delete File: c.sql\n"
                                       "*** Update File: d.sql\n*** Move to: e.txt\n+last";
        const std::vector<PatchedFile> files = patchedFiles(patch);
        QCOMPARE(files.size(), std::size_t(4));
        QCOMPARE(files[0].path, std::string_view("a.sql"));
        QCOMPARE(files[0].added.text(), std::string_view("one\ntwo\n"));
        QCOMPARE(files[1].added.text(), std::string_view("new\n"));
        QVERIFY(files[2].added.empty());
        QCOMPARE(files[3].path, std::string_view("e.txt"));
        QCOMPARE(files[3].added.text(), std::string_view("last\n"));
        QCOMPARE(files[0].added.originAt(4), patch.find("two"));
    }
};

} // namespace

LUTHIEN_TEST(tst_patch_text, TestPatchText)
#include "tst_patch_text.moc"
