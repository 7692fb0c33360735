"""Why a file is not taken. Each sentence says what to do next."""

from services.errors import Refused
from services.text import _


class BadFile(Refused):
    """The file itself cannot be taken."""

    sentence = _("这个文件无法使用，请换一个文件上传。")


class Empty(BadFile):
    sentence = _("文件是空的，请重新选择文件。")


class TooLarge(BadFile):
    sentence = _("文件超过 10 MB，请压缩后再上传。")


class WrongKind(BadFile):
    """Judged by content: what the name or the browser says counts for nothing."""


class Damaged(BadFile):
    sentence = _("文件打不开，可能已损坏。请重新导出或拍照后再上传。")


class TooManyPixels(BadFile):
    sentence = _("图片超过 2500 万像素，请缩小后再上传。")


class Mixed(BadFile):
    """Two kinds in one file: made to be read differently by different programs."""

    sentence = _("图片中夹带了其他内容，请重新拍照或截图后再上传。")


class ActivePaper(BadFile):
    """A paper that does something when it is opened."""

    sentence = _("文件含有脚本、附件或自动操作，请另存为不含这些内容的普通文件后再上传。")


class LockedPaper(BadFile):
    sentence = _("文件设有密码或加密，请取消加密后再上传。")


class TooComplex(BadFile):
    sentence = _("文件内部过于复杂，请重新导出或打印成 PDF 后再上传。")


class OverAllowance(Refused):
    """The account already keeps as much as it may (R31)."""
